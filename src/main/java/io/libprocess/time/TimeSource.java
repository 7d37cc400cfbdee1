package io.libprocess.time;

import java.time.Instant;

/**
 * The source of a clock's time: the system, unless a {@link ClockDriver} is given another one. Both
 * methods may be called from any thread, often, and must not block.
 */
public interface TimeSource {

  /**
   * Nanoseconds since an arbitrary beginning; they never go back, and are not affected by steps of
   * the wall clock. Timers and limits go by this.
   */
  long nanoTime();

  /** The wall clock, which may step forward and back. */
  Instant wallTime();

  /** The time of the system. */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }
}
