package io.libprocess.internal;

/** What is bound to a runtime thread for its whole life. */
public final class ThreadContext {

  private static final ThreadLocal<Object> CLOCK = new ThreadLocal<>();

  private ThreadContext() {}

  /** Binds the clock of the runtime to which the current thread belongs. */
  public static void bindClock(Object clock) {
    CLOCK.set(clock);
  }

  /** The bound clock, or null if this is no runtime thread. */
  public static Object clock() {
    return CLOCK.get();
  }
}
