package io.libprocess.internal;

import java.util.Objects;

/** What the runtime knows about one of its own threads: the clock it lives by, and what it runs. */
public final class ThreadContext {

  private static final ThreadLocal<Object> CLOCK = new ThreadLocal<>();

  private ThreadContext() {}

  /**
   * Makes the calling thread a runtime thread with the given clock. Called once, first thing on the
   * thread.
   *
   * @param clock an {@code io.libprocess.time.Clock}, a type that this package must not know
   * @throws IllegalStateException if the thread has another clock already
   */
  public static void bindClock(Object clock) {
    Objects.requireNonNull(clock, "clock");
    Object bound = CLOCK.get();
    if (bound != null && bound != clock) {
      throw new IllegalStateException(
          "thread " + Thread.currentThread().getName() + " has a clock already: " + bound);
    }
    CLOCK.set(clock);
  }

  /** The clock of the calling thread, or null if it is not a runtime thread. */
  public static Object clock() {
    return CLOCK.get();
  }

  /** What names the process that the calling thread runs just now; null if it runs none. */
  public static Object process() {
    RunLoop turn = RunLoop.current();
    return turn == null ? null : turn.context();
  }

  /** Whether the calling thread belongs to the runtime. */
  public static boolean isRuntimeThread() {
    return CLOCK.get() != null;
  }
}
