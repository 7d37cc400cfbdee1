package io.libprocess.sync;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;

/**
 * A lock that nobody blocks for: whoever wants it gets a future. It is handed over strictly in the
 * order of the requests, is not re-entrant, and belongs to no thread: whoever locks and whoever
 * unlocks may be different ones. All methods may be called from any thread. A waiter's callbacks
 * run inside the call that hands the lock over.
 *
 * <p>The plainest way to use it is {@link #hold}:
 *
 * <pre>{@code
 * Future<Integer> next = mutex.hold(() -> update(account));
 * }</pre>
 *
 * <p>{@link #acquire} gives a {@link Permit} instead, and the request for it can be discarded.
 * {@link #lock} and {@link #unlock} are libprocess's: with them a discarded request keeps its place
 * and gets the lock nevertheless, so that this idiom unlocks exactly what it locked:
 *
 * <pre>{@code
 * mutex.lock().then(locked -> update(account)).onAny(updated -> mutex.unlock());
 * }</pre>
 *
 * <p>In any case a critical section whose future is never completed keeps the lock for ever, and a
 * process must not block on a lock which only its own later events would release.
 */
public final class Mutex implements AutoCloseable {

  private final PermitQueue permits = new PermitQueue(1);

  /** Makes a mutex that is free. */
  public Mutex() {}

  /**
   * Locks: ready at once if the mutex is free, else when all who came before have unlocked.
   * Discarding it changes nothing; the caller must unlock all the same.
   */
  public Future<Void> lock() {
    return permits.take(1);
  }

  /**
   * Unlocks, or hands the lock to the one who waits longest; that one has it on return. Nothing
   * checks that the caller is the one who locked.
   *
   * @throws IllegalStateException if the mutex is free
   */
  public void unlock() {
    if (!permits.giveBackIf(1, 1)) {
      throw new IllegalStateException("the mutex is not locked");
    }
  }

  /**
   * Locks until the permit is closed. Discarding it while it waits withdraws it; a permit that was
   * granted is not affected by a discard and must be closed.
   */
  public Future<Permit> acquire() {
    return permits.acquire(1);
  }

  /**
   * Runs a critical section, which lasts until the future is completed that the function returns,
   * or until the function throws; the result is that future's outcome. The function runs inside
   * this call if the mutex is free, else on the thread that unlocks. Discarding the result
   * withdraws a section that waits; if it runs, its future gets the request.
   */
  public <R> Future<R> hold(CheckedSupplier<Future<R>> section) {
    return permits.hold(1, section);
  }

  /** Whether somebody holds the lock. */
  public boolean isLocked() {
    return permits.free() == 0;
  }

  /**
   * Abandons everybody who waits or comes later; whoever holds the lock may still unlock.
   * Idempotent. (libprocess does this when the last handle of a mutex goes away.)
   */
  @Override
  public void close() {
    permits.close();
  }
}
