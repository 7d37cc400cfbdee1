package io.libprocess.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock for a few instructions at a time, cheaper than a monitor: taking it is one
 * compare-and-set, releasing it one ordered store. The store cannot tell whether a thread waits, so
 * none is woken: a thread that finds the lock held spins, then yields, then parks for a moment at a
 * time. It is not reentrant.
 */
final class ShortLock {

  private static final VarHandle HELD;
  private static final int SPINS = 64;
  private static final int YIELDS = 256;
  private static final long PARK_NANOS = 50_000;

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(ShortLock.class, "held", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile boolean held;

  void lock() {
    if (!HELD.compareAndSet(this, false, true)) {
      waitAndLock();
    }
  }

  /** Releases the lock: writes under the lock are visible to the thread that takes it next. */
  void unlock() {
    HELD.setRelease(this, false);
  }

  private void waitAndLock() {
    for (int attempt = 0; held || !HELD.compareAndSet(this, false, true); attempt++) {
      if (attempt < SPINS) {
        Thread.onSpinWait();
      } else if (attempt < SPINS + YIELDS) {
        Thread.yield();
      } else {
        // The holder has been without a processor for long.
        LockSupport.parkNanos(this, PARK_NANOS);
      }
    }
  }
}
