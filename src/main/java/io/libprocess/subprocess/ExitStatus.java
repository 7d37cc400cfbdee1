package io.libprocess.subprocess;

import java.util.Optional;

/**
 * The exit status of a child. (libprocess: the raw status of {@code waitpid}, taken apart by the
 * macros of POSIX.)
 *
 * <p>The JDK reports a child that a signal has ended as one that exited with 128 plus the number of
 * the signal, which is also how a shell reports it. So {@code kill -9} and {@code exit 137} look
 * the same, and {@link #signal()} means either.
 *
 * @param code the child's exit code, 0 to 255, or 128 plus the number of the signal that ended it;
 *     on Windows any number
 */
public record ExitStatus(int code) {

  private static final int SIGNALLED = 128;

  /** Whether the code is 0. */
  public boolean isSuccess() {
    return code == 0;
  }

  /**
   * The signal that ended the child, or that the child reports as having ended a child of its own.
   */
  public Optional<Signal> signal() {
    int number = code - SIGNALLED;
    return Signal.isNumber(number) ? Optional.of(new Signal(number)) : Optional.empty();
  }

  /** {@code exited with status 3} or {@code terminated by SIGKILL}. */
  @Override
  public String toString() {
    return signal().map(s -> "terminated by " + s).orElse("exited with status " + code);
  }
}
