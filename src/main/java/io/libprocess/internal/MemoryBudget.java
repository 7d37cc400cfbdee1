package io.libprocess.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory may be held on behalf of others: bodies, answers that are not taken, buffers of
 * connections, queues to other nodes. Everything that a peer can make large draws on one budget, so
 * that many who each keep to their limit do not fill the heap together.
 *
 * <p>Whoever is about to hold bytes takes them from the budget and gives them back when they are
 * let go; a {@link Share} keeps the account of one holder. What is not granted is to be refused
 * (413 or 503), to wait, or to be dropped, as fits. The count is an estimate, and the last grant
 * may exceed the limit: one that is asked for while anything is left is given.
 *
 * <p>All methods may be called from any thread, and none waits.
 */
public final class MemoryBudget {

  /** What an object costs beside its bytes, about. */
  public static final int OBJECT = 64;

  /** Something that makes others hold memory and says on which budget that draws. */
  public interface Source {

    /** The budget. */
    MemoryBudget memory();
  }

  private static final MemoryBudget UNLIMITED = new MemoryBudget(Long.MAX_VALUE);

  private final long limit;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  /**
   * Makes a budget.
   *
   * @param limit in bytes
   * @throws IllegalArgumentException if the limit is below 1
   */
  public MemoryBudget(long limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit < 1: " + limit);
    }
    this.limit = limit;
  }

  /** A budget of the part of the heap that is used if nothing else is said: a half. */
  public static MemoryBudget ofHeap() {
    return new MemoryBudget(defaultLimit());
  }

  /** The one of those who are given none: it grants everything. */
  public static MemoryBudget unlimited() {
    return UNLIMITED;
  }

  /** The one that a source names; of everything else, that which grants everything. */
  public static MemoryBudget of(Object source) {
    return source instanceof Source known ? known.memory() : UNLIMITED;
  }

  /** A half of the largest size that the heap can have, in bytes. */
  public static long defaultLimit() {
    return Math.max(1, Runtime.getRuntime().maxMemory() / 2);
  }

  /** How many bytes may be held. */
  public long limit() {
    return limit;
  }

  /** How many bytes are held. */
  public long used() {
    return used.get();
  }

  /** How often something was not granted. */
  public long refused() {
    return refused.get();
  }

  /** Whether nothing is left. */
  public boolean isExhausted() {
    return used.get() >= limit;
  }

  /** Takes bytes if any are left; whether it did. */
  public boolean tryTake(long bytes) {
    long before = used.get();
    while (before < limit) {
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = used.get();
    }
    refused.incrementAndGet();
    return false;
  }

  /** Takes bytes that are held already, whether or not any are left. */
  public void take(long bytes) {
    used.addAndGet(bytes);
  }

  /** Gives bytes back. */
  public void give(long bytes) {
    used.addAndGet(-bytes);
  }

  /** An account of one holder, which holds nothing yet. */
  public Share share() {
    return new Share(this);
  }

  /**
   * What one holder has taken of a budget. It may be used by any thread; when it is {@linkplain
   * #close closed} all is given back, and nothing can be taken any more.
   */
  public static final class Share implements AutoCloseable {

    private static final long CLOSED = -1;

    private final MemoryBudget budget;
    private final AtomicLong held = new AtomicLong(); // CLOSED in the end.

    private Share(MemoryBudget budget) {
      this.budget = budget;
    }

    /** Whether nothing is left to be taken. */
    public boolean isExhausted() {
      return budget.isExhausted();
    }

    /** How many bytes it holds; none once it is closed. */
    public long held() {
      return Math.max(0, held.get());
    }

    /** Takes bytes if any are left and this is not closed; whether it did. */
    public boolean tryTake(long bytes) {
      return held.get() != CLOSED && budget.tryTake(bytes) && keep(bytes);
    }

    /** Takes bytes that are held already. Does nothing once this is closed. */
    public void take(long bytes) {
      budget.take(bytes);
      keep(bytes);
    }

    private boolean keep(long bytes) {
      long before;
      do {
        before = held.get();
        if (before == CLOSED) {
          budget.give(bytes);
          return false;
        }
      } while (!held.compareAndSet(before, before + bytes));
      return true;
    }

    /** Holds as many bytes as are said, no more and no less. Does nothing once this is closed. */
    public void resize(long bytes) {
      long before = held.get();
      while (before != CLOSED && before != bytes) {
        if (held.compareAndSet(before, bytes)) {
          budget.take(bytes - before);
          return;
        }
        before = held.get();
      }
    }

    /**
     * Does the same as {@link #resize}, but takes more only if any is left. For one thread at a
     * time.
     *
     * @return whether it holds as many now
     */
    public boolean tryResize(long bytes) {
      long more = bytes - held();
      if (more > 0) {
        return tryTake(more);
      }
      resize(bytes);
      return true;
    }

    /** Gives everything back. Idempotent. */
    @Override
    public void close() {
      long before = held.getAndSet(CLOSED);
      if (before > 0) {
        budget.give(before);
      }
    }
  }
}
