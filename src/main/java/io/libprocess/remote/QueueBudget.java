package io.libprocess.remote;

import io.libprocess.internal.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes may wait for all other nodes together; they are a part of what the node may hold
 * in memory. Connections reserve parts of it in large steps, so it is not asked for each message.
 * For any thread.
 */
final class QueueBudget {

  private final long limit;
  private final MemoryBudget memory;
  private final AtomicLong reserved = new AtomicLong();

  QueueBudget(long limit, MemoryBudget memory) {
    this.limit = limit;
    this.memory = memory;
  }

  /**
   * Reserves some bytes, if there are so many and there is memory; any number if nothing is
   * reserved.
   */
  boolean tryReserve(long bytes) {
    long before = reserved.getAndAdd(bytes);
    if (before > 0 && bytes > limit - before || !memory.tryTake(bytes)) {
      reserved.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** Gives back some of what was reserved. */
  void release(long bytes) {
    reserved.addAndGet(-bytes);
    memory.give(bytes);
  }

  /** What is reserved. */
  long reserved() {
    return reserved.get();
  }
}
