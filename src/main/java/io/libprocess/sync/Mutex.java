package io.libprocess.sync;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;

/**
 * A lock that is waited for by holding a future instead of blocking. It is handed over strictly in
 * the order of the requests, is not re-entrant, and belongs to no thread: one thread may lock and
 * another unlock. All methods may be called from any thread. A waiter's callbacks run inside the
 * call that hands the lock over.
 *
 * <p>The simplest way to use it is {@link #hold}:
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
 * <p>In all three forms, a critical section whose future is never completed keeps the lock for
 * ever, and a process must not block on a lock which only its own later events would release.
 */
public final class Mutex implements AutoCloseable {

  private final PermitQueue permits = new PermitQueue(1);

  /** Makes a mutex that is free. */
  public Mutex() {}

  /**
   * Locks: ready at once if the mutex is free, otherwise when all earlier holders have unlocked.
   * Discarding the future changes nothing; the caller must unlock nevertheless.
   */
  public Future<Void> lock() {
    return permits.take(1);
  }

  /**
   * Unlocks, or hands the lock to the longest waiter, which has it on return. Nothing checks that
   * the caller is the holder.
   *
   * @throws IllegalStateException if the mutex is free
   */
  public void unlock() {
    if (!permits.giveBackIf(1, 1)) {
      throw new IllegalStateException("the mutex is not locked");
    }
  }

  /**
   * Locks until the permit is closed. Discarding the future while it waits withdraws the request; a
   * permit that was granted is not affected by a discard and must be closed.
   */
  public Future<Permit> acquire() {
    return permits.acquire(1);
  }

  /**
   * Runs a critical section, which lasts until the future that the function returns is completed,
   * or until the function throws; the result is that future's outcome. The function runs inside
   * this call if the mutex is free, otherwise on the thread that unlocks. Discarding the result
   * withdraws a section that still waits; if the section runs, its future gets the request.
   */
  public <R> Future<R> hold(CheckedSupplier<Future<R>> section) {
    return permits.hold(1, section);
  }

  /** Whether the lock is held. */
  public boolean isLocked() {
    return permits.free() == 0;
  }

  /**
   * Abandons the futures of all current and later waiters; a holder of the lock may still unlock.
   * Idempotent. (libprocess does this when the last handle of a mutex goes away.)
   */
  @Override
  public void close() {
    permits.close();
  }
}
