package io.libprocess.internal.scheduler;

/**
 * The runtime's knowledge about the calling thread: its clock, its scheduler, and the process that
 * it runs.
 */
public final class ThreadContext {

  private static final ThreadLocal<Object> CLOCK = new ThreadLocal<>();
  private static final ThreadLocal<Scheduler> SCHEDULER = new ThreadLocal<>();

  private ThreadContext() {}

  /**
   * Makes the calling thread a runtime thread with the given clock, from now until the next call. A
   * worker calls this once; a thread that runs tasks of several nodes calls it before each task.
   *
   * @param clock an {@code io.libprocess.time.Clock}, a type that this package must not know; null
   *     makes the thread an ordinary one again
   */
  public static void bindClock(Object clock) {
    if (clock == null) {
      CLOCK.remove();
    } else if (CLOCK.get() != clock) {
      CLOCK.set(clock);
    }
  }

  /**
   * Makes the calling thread one of a scheduler, for good; a thread for blocking calls calls this
   * before each call.
   */
  static void bind(Scheduler scheduler, Object clock) {
    bindClock(clock);
    if (SCHEDULER.get() != scheduler) {
      SCHEDULER.set(scheduler);
    }
  }

  /**
   * The scheduler to which the calling thread belongs, be it as a worker or for blocking calls; or
   * null.
   */
  public static Scheduler scheduler() {
    RunLoop loop = RunLoop.current();
    return loop == null ? SCHEDULER.get() : loop.scheduler();
  }

  /** The clock of the calling thread, or null if it is not a runtime thread. */
  public static Object clock() {
    return CLOCK.get();
  }

  /** The name of the process that the calling thread is running; null if it runs none. */
  public static Object process() {
    RunLoop loop = RunLoop.current();
    return loop == null ? null : loop.context();
  }

  /** Whether the calling thread belongs to the runtime. */
  public static boolean isRuntimeThread() {
    return CLOCK.get() != null;
  }

  /** Hands the work that waits for the calling thread to others, because it is about to block. */
  public static void beforeBlocking() {
    RunLoop.beforeBlocking();
    if (Thread.currentThread() instanceof HandsOver thread) {
      thread.handOver();
    }
  }
}
