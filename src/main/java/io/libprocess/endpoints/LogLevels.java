package io.libprocess.endpoints;

import io.libprocess.internal.LogBackend;
import java.util.Optional;

/**
 * How much the library logs, as a number: 0 is what is logged at the start, 1 has debug lines, 2
 * traces too, 3 and more everything. For any thread.
 */
interface LogLevels {

  /** The number that was set last; at first that which the logger's level stands for. */
  int level();

  /**
   * Sets the number.
   *
   * @param level at least that at the start, which restores what there was
   */
  void set(int level);

  /** Those of this JVM, if {@code java.util.logging} is what {@link System.Logger} writes to. */
  static Optional<LogLevels> ofJvm() {
    return LogBackend.isJul() ? Optional.of(new JulLevels()) : Optional.empty();
  }
}
