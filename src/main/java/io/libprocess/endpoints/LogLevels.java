package io.libprocess.endpoints;

import io.libprocess.internal.LogBackend;
import java.util.Optional;

/**
 * The library's log level as a number: 0 is the level at the start, 1 adds debug lines, 2 traces, 3
 * and more everything. Thread-safe.
 */
interface LogLevels {

  /** The number that was set; otherwise the one that the logger's level corresponds to. */
  int level();

  /**
   * Sets the number.
   *
   * @param level at least the level at the start, which restores the original state
   */
  void set(int level);

  /** The levels of this JVM, if {@link System.Logger} writes to {@code java.util.logging}. */
  static Optional<LogLevels> ofJvm() {
    return LogBackend.isJul() ? Optional.of(new JulLevels()) : Optional.empty();
  }
}
