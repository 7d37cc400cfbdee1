package io.libprocess.internal.scheduler;

import java.time.Duration;

/**
 * A task that a runtime thread was running when another thread looked. It may have gone on since:
 * {@link #isCurrent} tells whether state that was read in between is consistent.
 */
public final class Running {

  private final RunLoop loop;
  private final Task task;
  private final Thread thread;
  private final long events;
  private final long served;
  private final long sinceNanos;

  private Running(RunLoop loop, Task task, Thread thread, long events, long served, long now) {
    this.loop = loop;
    this.task = task;
    this.thread = thread;
    this.events = events;
    this.served = served;
    Watchdog.Observation observed = loop.observed;
    this.sinceNanos =
        observed == null || observed.events != events ? 0 : Math.max(0, now - observed.since);
  }

  /**
   * The task that a loop runs; null if there is none.
   *
   * @param now the time in nanoseconds, as the watchdog counts it
   */
  static Running of(RunLoop loop, long now) {
    Task task = loop.running();
    long marked = loop.marked();
    long events = loop.events();
    Thread thread = loop.thread; // Read once: the thread may leave the loop meanwhile.
    return task == null || thread == null
        ? null
        : new Running(loop, task, thread, events, events - marked, now);
  }

  /** The running task. */
  public Task task() {
    return task;
  }

  /** The thread that runs the task. */
  public Thread thread() {
    return thread;
  }

  /** How many events it had served since it called {@link RunLoop#mark}. */
  public long served() {
    return served;
  }

  /** How long it has been serving the same event; zero if it has only just been seen. */
  public Duration age() {
    return Duration.ofNanos(sinceNanos);
  }

  /** Whether it still serves the same event. */
  public boolean isCurrent() {
    return loop.running() == task && loop.events() == events;
  }
}
