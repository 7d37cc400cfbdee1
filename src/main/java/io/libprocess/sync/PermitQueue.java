package io.libprocess.sync;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.WaitQueue;
import io.libprocess.time.Clock;
import java.time.Duration;

/**
 * A queue for a number of places, which are granted strictly in the order of the claims. A claim
 * may ask for several places at once; while the first claim in line does not fit, none behind it is
 * granted. A mutex is one place; of a read-write lock each reader takes one of very many places and
 * a writer takes all.
 *
 * <h2>Protocol</h2>
 *
 * <p>One lock guards {@link #free}, {@link #line} and {@link #closed}; promises are completed
 * without it. Giving places back and admitting the claims that now fit is one step under the lock,
 * so places that a claim waits for are never seen free, and no claim barges. The line is empty, or
 * its first claim does not fit.
 *
 * <p>There are two kinds of claims. A <em>firm</em> one ignores discards: once granted, its places
 * are taken, whether or not anything looks at the future. A claim for a {@link Permit} can be
 * withdrawn. If the discard comes between the grant and the completion of the promise, the promise
 * refuses the value ({@link Promise#setUnlessDiscardRequested}) and the places are given back at
 * once.
 */
final class PermitQueue {

  private static final class Claim<T> extends WaitQueue.Entry {
    final Promise<T> promise = new Promise<>();
    final long size;
    private final T right;
    private final boolean firm;
    private Claim<?> next; // Admitted together with this; owned by the thread that grants them.

    Claim(long size, T right, boolean firm) {
      this.size = size;
      this.right = right;
      this.firm = firm;
    }

    /** Puts claims behind the last one that was admitted together with this one. */
    void append(Claim<?> admitted) {
      Claim<?> last = this;
      while (last.next != null) {
        last = last.next;
      }
      last.next = admitted;
    }

    /** False if the claim was withdrawn. */
    boolean grant() {
      return firm ? promise.set(right) : promise.setUnlessDiscardRequested(right);
    }
  }

  private final long places;
  private final Object lock = new Object();
  private final WaitQueue<Claim<?>> line = new WaitQueue<>();
  private long free;
  private boolean closed;

  PermitQueue(long places) {
    this.places = places;
    this.free = places;
  }

  /* ---------------- Claims ---------------- */

  /** Takes places for good: they must be given back even if the future is discarded. */
  Future<Void> take(long size) {
    StackReserve.checkForOperation();
    return claim(size, null, Future.done(), true);
  }

  /** Takes places as a permit; a discard withdraws the claim. */
  Future<Permit> acquire(long size) {
    StackReserve.checkForOperation();
    Permit permit = new Permit(this, size);
    return claim(size, permit, Future.of(permit), false);
  }

  /** Takes places for as long as the future that a function returns is pending. */
  <R> Future<R> hold(long size, CheckedSupplier<Future<R>> section) {
    requireNonNull(section, "section");
    StackReserve.checkForOperation();
    return acquire(size).then(permit -> run(section, permit));
  }

  private static <R> Future<R> run(CheckedSupplier<Future<R>> section, Permit permit)
      throws Exception {
    try {
      Future<R> running =
          requireNonNull(section.get(), "the section returned null instead of a future");
      return running.onAny(ended -> permit.release());
    } catch (Throwable thrown) {
      permit.release();
      throw thrown;
    }
  }

  /** Takes places as a permit if enough are free and no claim waits; otherwise returns null. */
  Permit acquireNow(long size) {
    StackReserve.check();
    Permit permit = new Permit(this, size);
    synchronized (lock) {
      return enter(size) ? permit : null;
    }
  }

  /**
   * Takes places, or a place in the line. The part under the lock cannot fail and comes last:
   * nothing is taken for a caller that does not get the future.
   */
  private <T> Future<T> claim(long size, T right, Future<T> granted, boolean firm) {
    synchronized (lock) {
      if (enter(size)) {
        return granted;
      }
    }
    Claim<T> claim = new Claim<>(size, right, firm);
    Future<T> future = claim.promise.future();
    if (!firm) {
      future.onDiscard(() -> withdraw(claim));
    }
    synchronized (lock) {
      if (enter(size)) {
        return granted;
      }
      if (!closed) {
        line.add(claim);
        return future;
      }
    }
    claim.promise.abandon();
    return future;
  }

  private boolean enter(long size) {
    if (closed || !line.isEmpty() || size > free) {
      return false;
    }
    free -= size;
    return true;
  }

  private void withdraw(Claim<?> claim) {
    Claim<?> admitted;
    synchronized (lock) {
      line.remove(claim);
      admitted = admit();
    }
    // Too late if the claim was granted, but in time for a grant under way.
    claim.promise.discard();
    grant(admitted);
  }

  /* ---------------- Returns ---------------- */

  /** Gives back places that were taken; it must not fail, however little stack is left. */
  void giveBack(long size) {
    giveBack(size, places);
  }

  /**
   * Gives back places, provided that at least {@code size} and at most {@code most} places are
   * taken.
   *
   * @return false if not; nothing is changed then
   */
  boolean giveBackIf(long size, long most) {
    StackReserve.checkForOperation();
    return giveBack(size, most);
  }

  private boolean giveBack(long size, long most) {
    Claim<?> admitted;
    synchronized (lock) {
      long taken = places - free;
      if (taken < size || taken > most) {
        return false;
      }
      free += size;
      admitted = admit();
    }
    grant(admitted);
    return true;
  }

  /**
   * Takes the claims that now fit out of the line; the caller grants them. Null if there are none.
   */
  private Claim<?> admit() {
    Claim<?> first = null;
    Claim<?> last = null;
    for (Claim<?> next = line.peek(); next != null && next.size <= free; next = line.peek()) {
      line.poll();
      free -= next.size;
      if (first == null) {
        first = next;
      } else {
        last.next = next;
      }
      last = next;
    }
    return first;
  }

  private void grant(Claim<?> admitted) {
    for (Claim<?> claim = admitted; claim != null; claim = claim.next) {
      boolean granted;
      try {
        granted = claim.grant();
        // Nothing was changed, and there is enough stack for this:
      } catch (StackOverflowError recursion) {
        Claim<?> rest = claim;
        Clock clock = Clock.current();
        ContextSlot.outside(() -> clock.timer(Duration.ZERO, () -> grant(rest)));
        return;
      }
      if (!granted) {
        synchronized (lock) {
          free += claim.size;
          claim.append(admit());
        }
      }
    }
  }

  /* ---------------- Looking, closing ---------------- */

  long free() {
    synchronized (lock) {
      return free;
    }
  }

  /** Abandons the futures of all current and later waiters. */
  void close() {
    StackReserve.checkForOperation();
    Claim<?> waiting;
    synchronized (lock) {
      closed = true;
      waiting = line.takeAll();
    }
    for (; waiting != null; waiting = WaitQueue.next(waiting)) {
      waiting.promise.abandon();
    }
  }
}
