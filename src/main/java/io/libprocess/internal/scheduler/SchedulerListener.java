package io.libprocess.internal.scheduler;

/** Told of what a scheduler sees of its threads; by the watchdog, so it must not take long. */
@FunctionalInterface
public interface SchedulerListener {

  /** Called once for each event that takes too long, with what {@link RunLoop#context} had. */
  void stalled(Thread thread, Object context);

  /** A task was running when the watchdog looked, which it does every few milliseconds. */
  default void seen(Task task) {}

  /** The watchdog has looked, and something was running. */
  default void looked() {}

  /**
   * Whoever polls for I/O has not done so for a time: how long what became ready may have waited.
   */
  default void lagged(long nanos) {}
}
