package io.libprocess.net.nio;

import io.libprocess.internal.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many connections a transport has open. Each takes memory even if nobody says anything, so it
 * draws on the budget; and all of them may take the half of that, so that something is left to
 * serve them with. For any thread.
 */
final class OpenConnections {

  /** What a silent connection takes, with what HTTP keeps about it, in bytes, about. */
  static final int COST = 2500;

  private final MemoryBudget memory;
  private final AtomicLong count = new AtomicLong();

  OpenConnections(MemoryBudget memory) {
    this.memory = memory;
  }

  /** What the connections draw on. */
  MemoryBudget memory() {
    return memory;
  }

  /** Whether no more should be accepted. */
  boolean areMost() {
    return count.get() >= Math.max(1, memory.limit() / 2 / COST);
  }

  /** One more is open. */
  void opened() {
    count.incrementAndGet();
    memory.take(COST);
  }

  /** One is closed. */
  void closed() {
    count.decrementAndGet();
    memory.give(COST);
  }
}
