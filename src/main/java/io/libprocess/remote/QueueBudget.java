package io.libprocess.remote;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes may wait for all other nodes together. Connections reserve parts of it in large
 * steps, so it is not asked for each message. For any thread.
 */
final class QueueBudget {

  private final long limit;
  private final AtomicLong reserved = new AtomicLong();

  QueueBudget(long limit) {
    this.limit = limit;
  }

  /** Reserves some bytes, if there are so many; any number if nothing is reserved. */
  boolean tryReserve(long bytes) {
    long before = reserved.getAndAdd(bytes);
    if (before > 0 && bytes > limit - before) {
      reserved.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** Gives back some of what was reserved. */
  void release(long bytes) {
    reserved.addAndGet(-bytes);
  }

  /** What is reserved. */
  long reserved() {
    return reserved.get();
  }
}
