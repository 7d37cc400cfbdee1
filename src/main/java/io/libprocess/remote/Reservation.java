package io.libprocess.remote;

/**
 * The part of the {@link QueueBudget} that one connection has reserved. A small amount is free, so
 * that connections with short queues never reserve. Guarded by the lock of the {@link Peer}.
 */
final class Reservation {

  private static final long FREE = 64 << 10;
  private static final long STEP = 64 << 10;

  private final QueueBudget budget;
  private long reserved;

  Reservation(QueueBudget budget) {
    this.budget = budget;
  }

  /** Makes sure that a number of bytes may wait; false if there is no room for them. */
  boolean covers(long bytes) {
    long missing = bytes - FREE - reserved;
    if (missing <= 0) {
      return true;
    }
    long more = (missing + STEP - 1) / STEP * STEP;
    if (!budget.tryReserve(more)) {
      return false;
    }
    reserved += more;
    return true;
  }

  /** Releases what is not needed for a number of bytes. */
  void shrink(long bytes) {
    long needed = Math.max(0, bytes - FREE + STEP - 1) / STEP * STEP;
    if (needed < reserved) {
      budget.release(reserved - needed);
      reserved = needed;
    }
  }
}
