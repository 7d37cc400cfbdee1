package io.libprocess.sync;

import io.libprocess.future.Future;
import io.libprocess.internal.StackReserve;

/**
 * A counter that counts down to zero and then completes the futures of those that wait. All methods
 * may be called from any thread, and none blocks, unlike those of {@link
 * java.util.concurrent.CountDownLatch}.
 */
public final class CountDownLatch {

  private final Object lock = new Object();
  private final OneShot event = new OneShot();
  private int count; // Guarded by the lock.

  /** Makes a latch that the first {@link #decrement} triggers. */
  public CountDownLatch() {
    this(1);
  }

  /**
   * Makes a latch that is triggered when it has been decremented {@code count} times. A latch that
   * starts at zero is triggered from the start.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public CountDownLatch(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count < 0: " + count);
    }
    this.count = count;
    if (count == 0) {
      event.give();
    }
  }

  /** How many more times it must be decremented. */
  public int count() {
    synchronized (lock) {
      return count;
    }
  }

  /**
   * Counts down by one; does nothing at zero. The callbacks of those that wait run inside the call
   * that reaches zero.
   */
  public void decrement() {
    StackReserve.checkForOperation();
    synchronized (lock) {
      if (count == 0 || --count > 0) {
        return;
      }
    }
    event.giveNow();
  }

  /**
   * A future that is ready when the count has reached zero. Each call makes a new future;
   * discarding one has no effect on the others.
   */
  public Future<Void> triggered() {
    return event.future();
  }
}
