package io.libprocess.remote;

import io.libprocess.internal.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The limit of the bytes that may wait for all other nodes together; they are a part of the node's
 * memory budget. Connections reserve parts of it in large steps, so it is not consulted for each
 * message. Thread-safe.
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
   * Reserves a number of bytes, if the limit and the memory allow; any number if nothing is
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

  /** Releases reserved bytes. */
  void release(long bytes) {
    reserved.addAndGet(-bytes);
    memory.give(bytes);
  }

  /** The number of reserved bytes. */
  long reserved() {
    return reserved.get();
  }
}
