package io.libprocess.internal;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A limit for the memory held on behalf of others: bodies, answers that are not taken, buffers of
 * connections, queues to other nodes. Everything that a peer can make large draws on one budget, so
 * that many peers that each keep to their limits do not fill the heap together.
 *
 * <p>Code that is about to hold bytes takes them from the budget and gives them back when it
 * releases them; a {@link Share} keeps the account of one holder. A request for which nothing is
 * granted must be refused (413 or 503), wait, or be dropped, as appropriate. The count is an
 * estimate, and the last grant may exceed the limit: a request is granted if anything is left.
 *
 * <p>All methods may be called from any thread, and none waits.
 */
public final class MemoryBudget {

  /** The approximate cost of an object beside its bytes. */
  public static final int OBJECT = 64;

  /** What is never refused to a connection: it costs about as much by itself. */
  private static final int SMALL = 4 << 10;

  /** A source of connections that says which budget their memory draws on. */
  public interface Source {

    /** The budget. */
    MemoryBudget memory();
  }

  private static final MemoryBudget UNLIMITED = new MemoryBudget(Long.MAX_VALUE);

  private final long limit;
  private final BooleanSupplier refuses; // Null for one that refuses only what it has not.
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  /**
   * Makes a budget.
   *
   * @param limit the limit in bytes
   * @throws IllegalArgumentException if the limit is below 1
   */
  public MemoryBudget(long limit) {
    this(limit, null);
  }

  private MemoryBudget(long limit, BooleanSupplier refuses) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit < 1: " + limit);
    }
    this.limit = limit;
    this.refuses = refuses;
  }

  /**
   * Makes a budget that refuses requests now and then although something is left, as it would if
   * others held it: for simulated worlds.
   *
   * @param refuses asked at each request
   */
  public static MemoryBudget refusing(long limit, BooleanSupplier refuses) {
    return new MemoryBudget(limit, requireNonNull(refuses, "refuses"));
  }

  /** Makes a budget of the default part of the heap, which is a half. */
  public static MemoryBudget ofHeap() {
    return new MemoryBudget(defaultLimit());
  }

  /** The budget for code that is given none; it grants everything. */
  public static MemoryBudget unlimited() {
    return UNLIMITED;
  }

  /** The budget that a source names; for any other object, the one that grants everything. */
  public static MemoryBudget of(Object source) {
    return source instanceof Source known ? known.memory() : UNLIMITED;
  }

  /** Half of the largest size of the heap, in bytes. */
  public static long defaultLimit() {
    return Math.max(1, Runtime.getRuntime().maxMemory() / 2);
  }

  /** The number of bytes that may be held. */
  public long limit() {
    return limit;
  }

  /** The number of bytes that are held. */
  public long used() {
    return used.get();
  }

  /** How many requests were not granted. */
  public long refused() {
    return refused.get();
  }

  /** Whether nothing is left. */
  public boolean isExhausted() {
    return used.get() >= limit;
  }

  /** Whether so much more than the limit is held that the heap may soon be full. */
  public boolean isOverdrawn() {
    return used.get() - limit >= limit / 8;
  }

  /** Takes bytes if any are left, and tells whether it did. */
  public boolean tryTake(long bytes) {
    long before = refuses == null || !refuses.getAsBoolean() ? used.get() : limit;
    while (before < limit) {
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = used.get();
    }
    refused.incrementAndGet();
    return false;
  }

  /** The bytes of one connection that count: none if they are few, since counting costs, too. */
  public static long unlessSmall(long held) {
    return held > SMALL ? held : 0;
  }

  /** Whether nothing is left for the bytes that one connection holds, and they are not few. */
  public boolean isShortFor(long held) {
    return held > SMALL && isExhausted();
  }

  /** Like {@link #isShortFor}, for requests that are refused then, which is counted. */
  public boolean refuses(long held) {
    boolean refuses = isShortFor(held);
    if (refuses) {
      refused.incrementAndGet();
    }
    return refuses;
  }

  /** Takes bytes that are already held, whether or not any are left. */
  public void take(long bytes) {
    used.addAndGet(bytes);
  }

  /** Gives bytes back. */
  public void give(long bytes) {
    used.addAndGet(-bytes);
  }

  /** Makes an account of one holder, which holds nothing yet. */
  public Share share() {
    return new Share(this);
  }

  /**
   * The part of a budget that one holder has taken. Thread-safe; when it is {@linkplain #close
   * closed}, everything is given back, and nothing more can be taken.
   */
  public static final class Share implements AutoCloseable {

    private static final long CLOSED = -1;

    private final MemoryBudget budget;
    private final AtomicLong held = new AtomicLong(); // CLOSED in the end.

    private Share(MemoryBudget budget) {
      this.budget = budget;
    }

    /** Whether the budget has nothing left. */
    public boolean isExhausted() {
      return budget.isExhausted();
    }

    /** The number of bytes it holds; none once it is closed. */
    public long held() {
      return Math.max(0, held.get());
    }

    /** Takes bytes if any are left and this is not closed, and tells whether it did. */
    public boolean tryTake(long bytes) {
      return held.get() != CLOSED && budget.tryTake(bytes) && keep(bytes);
    }

    /**
     * Takes bytes for a body like {@link #tryTake(long)}, but always for a small one: otherwise it
     * would be refused only because it arrived in two pieces, where whole ones wait until there is
     * memory again.
     *
     * @param size the size of the body so far
     */
    public boolean tryTakeForBody(long bytes, long size) {
      if (size > SMALL) {
        return tryTake(bytes);
      }
      take(bytes);
      return true;
    }

    /** Takes bytes that are already held. Does nothing once this is closed. */
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

    /** Gives back a part of what this holds. Does nothing once this is closed. */
    public void give(long bytes) {
      long before;
      do {
        before = held.get();
        if (before == CLOSED) {
          return;
        }
      } while (!held.compareAndSet(before, before - bytes));
      budget.give(bytes);
    }

    /** Changes the number of bytes that this holds. Does nothing once this is closed. */
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
     * Like {@link #resize}, but takes more only if any are left. For one thread at a time.
     *
     * @return whether it now holds that many
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
