package io.libprocess.config;

import io.libprocess.endpoints.LogRaise;
import io.libprocess.time.Clock;
import java.time.Duration;

/**
 * The level of the library's own log as a number, which {@code /logging/toggle} also reads and
 * raises: 0 is what is logged by default, 1 adds debug lines, 2 traces, 3 and more everything. It
 * is that of the whole JVM, and can be read and set if {@link System.Logger} writes to {@code
 * java.util.logging}. All methods may be called from any thread. (libprocess: {@code Logging}.)
 */
public final class Logging {

  private Logging() {}

  /**
   * The current level.
   *
   * @throws UnsupportedOperationException if {@link System.Logger} writes elsewhere
   */
  public static int level() {
    return LogRaise.ofJvm().level();
  }

  /**
   * Raises the level until some time has passed, by the clock of the calling thread. A later call
   * or request replaces both. The level that holds without any raise ends the current one.
   *
   * @throws IllegalArgumentException if the level is below the one that holds without any raise
   * @throws UnsupportedOperationException if {@link System.Logger} writes elsewhere
   */
  public static void setLevel(int level, Duration duration) {
    LogRaise.ofJvm().set(level, duration, Clock.current(), Logging.class);
  }
}
