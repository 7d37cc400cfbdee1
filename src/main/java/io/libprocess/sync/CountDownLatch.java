package io.libprocess.sync;

import io.libprocess.future.Future;
import io.libprocess.internal.StackReserve;

/**
 * Counts down to zero and tells who waits. All methods may be called from any thread, and none
 * blocks: that is what it has over {@link java.util.concurrent.CountDownLatch}.
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
   * Makes a latch that is triggered when it has been decremented {@code count} times. One that
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

  /** How often it has still to be decremented. */
  public int count() {
    synchronized (lock) {
      return count;
    }
  }

  /**
   * Counts down by one; at zero it does nothing. Callbacks of those who wait run inside the call
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
   * A future that is ready when the count has come down to zero. Each call makes a future of its
   * own; discarding one makes it discarded and concerns no other.
   */
  public Future<Void> triggered() {
    return event.future();
  }
}
