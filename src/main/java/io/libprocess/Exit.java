package io.libprocess;

import java.util.Optional;

/**
 * The reason why a linked process is gone, as passed to {@link Process#exited}.
 *
 * @param reason the kind of end
 * @param cause the exception of the process, or the failure of the connection
 */
public record Exit(Reason reason, Optional<Throwable> cause) {

  /** The kinds of end. */
  public enum Reason {
    /** The process was asked to terminate. */
    TERMINATED,
    /** The process threw an exception. */
    FAILED,
    /** There is no process with that name. */
    NO_PROCESS,
    /** The connection to the process's node broke; the process may be alive. */
    DISCONNECTED
  }
}
