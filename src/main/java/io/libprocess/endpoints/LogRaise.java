package io.libprocess.endpoints;

import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.LogBackend;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.Optional;

/**
 * Raises the level of the library's log for a while. There is one for the JVM, because its loggers
 * are: of all nodes and programs, the last one that sets the level says for how long. All methods
 * may be called from any thread.
 */
public final class LogRaise {

  private final Optional<LogLevels> levels;

  // Guarded by the monitor of this.
  private Timer revert; // Null while the level is that of before.
  private Object raiser; // The node or program that has raised it.
  private int original; // The level of before, while it is raised.

  private static final class OfJvm {
    static final LogRaise INSTANCE = new LogRaise(LogLevels.ofJvm());
  }

  LogRaise(Optional<LogLevels> levels) {
    this.levels = levels;
  }

  /** The one of this JVM. */
  public static LogRaise ofJvm() {
    return OfJvm.INSTANCE;
  }

  /** Whether the level can be read and set here. */
  boolean isPossible() {
    return levels.isPresent();
  }

  private LogLevels levels() {
    return levels.orElseThrow(
        () ->
            new UnsupportedOperationException(
                "the level cannot be changed here: System.Logger writes to "
                    + LogBackend.name()
                    + ", not to java.util.logging"));
  }

  /**
   * The level.
   *
   * @throws UnsupportedOperationException if it cannot be read
   */
  public synchronized int level() {
    return levels().level();
  }

  /** The level without any raise, which is the least that can be set. */
  synchronized int original() {
    return revert == null ? levels().level() : original;
  }

  /**
   * Sets the level until a time has passed; the level without any raise stays until another one is
   * set.
   *
   * @param clock measures the time
   * @param by the one for which it is done, who may {@link #restore} the level
   * @throws IllegalArgumentException if the level is below that without any raise
   * @throws UnsupportedOperationException if it cannot be set
   */
  public synchronized void set(int level, Duration duration, Clock clock, Object by) {
    int least = original();
    if (level < least) {
      throw new IllegalArgumentException("level < " + least + ": " + level);
    }
    restore();
    if (level != least) {
      Timer[] mine = new Timer[1];
      mine[0] = ContextSlot.outside(() -> clock.timer(duration, () -> expired(mine)));
      original = least;
      raiser = by;
      revert = mine[0];
      levels().set(level);
    }
  }

  /** Called when a timer has fired, which may have been replaced just before. */
  private synchronized void expired(Timer[] timer) {
    if (revert == timer[0]) {
      restore();
    }
  }

  /** Ends the raise, if the given one has made it. */
  synchronized void restore(Object by) {
    if (raiser == by) {
      restore();
    }
  }

  private void restore() {
    if (revert != null) {
      revert.cancel();
      revert = null;
      raiser = null;
      levels().set(original);
    }
  }
}
