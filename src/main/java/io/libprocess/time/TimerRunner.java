package io.libprocess.time;

/** What runs the timers of a clock: its own thread, or a {@link ClockDriver}. */
interface TimerRunner {

  /** A timer may be due sooner than the runner knows. Called by any thread, without a lock. */
  void wake();

  /** The clock is closed; it has dropped its timers. */
  void closed();
}
