package io.libprocess.time;

/** Runs the timers of a clock: either the clock's own thread or a {@link ClockDriver}. */
interface TimerRunner {

  /**
   * Tells the runner that a timer may be due sooner than it knows. Called by any thread, without a
   * lock.
   */
  void wake();

  /** Tells the runner that the clock is closed and has dropped its timers. */
  void closed();
}
