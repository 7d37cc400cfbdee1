package io.libprocess.internal.scheduler;

/**
 * Receives a scheduler's observations of its threads; called by the watchdog, so it must not take
 * long.
 */
@FunctionalInterface
public interface SchedulerListener {

  /** Called once for each event that takes too long, with the value of {@link RunLoop#context}. */
  void stalled(Thread thread, Object context);

  /**
   * Called for a task that was running when the watchdog looked, which it does every few
   * milliseconds.
   */
  default void seen(Task task) {}

  /** Called when the watchdog has looked, and a task was running. */
  default void looked() {}

  /** Called whenever the watchdog has looked, about once a second or more often. */
  default void ticked() {}

  /** Called when no thread has polled for I/O for a time: how long ready events may have waited. */
  default void lagged(long nanos) {}
}
