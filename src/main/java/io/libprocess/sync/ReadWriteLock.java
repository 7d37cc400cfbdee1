package io.libprocess.sync;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;

/**
 * A lock that one writer or any number of readers can hold. It is waited for by holding a future
 * instead of blocking. It is granted strictly in the order of the requests, where adjacent readers
 * get it together: after the requests W1 R1 R2 W2 R3 the order is W1, then R1 and R2, then W2, then
 * R3. So a waiting writer stops later readers, and neither starves.
 *
 * <p>The lock is not re-entrant and cannot be upgraded: a reader that asks again while a writer
 * waits deadlocks. It belongs to no thread; all methods may be called from any thread. The
 * callbacks of the new holders run, in order, inside the call that gives the lock up.
 *
 * <p>As with a {@link Mutex} there are three ways to hold it: during a section; with a permit,
 * whose request can be discarded; and libprocess's lock and unlock, where a discarded request keeps
 * its place, gets the lock nevertheless and must unlock.
 */
public final class ReadWriteLock implements AutoCloseable {

  private static final long READER = 1;
  private static final long WRITER = Long.MAX_VALUE;

  private final PermitQueue permits = new PermitQueue(WRITER);

  /** Makes a lock that is free. */
  public ReadWriteLock() {}

  /**
   * Locks for reading: ready at once if no writer holds the lock or waits for it. Discarding the
   * future changes nothing.
   */
  public Future<Void> readLock() {
    return permits.take(READER);
  }

  /**
   * Gives up a lock that {@link #readLock} granted.
   *
   * @throws IllegalStateException if the lock is not held for reading; nothing is changed then
   */
  public void readUnlock() {
    if (!permits.giveBackIf(READER, WRITER - 1)) {
      throw new IllegalStateException("not locked for reading: " + this);
    }
  }

  /**
   * Locks for writing: ready at once if the lock is free. Discarding the future changes nothing.
   */
  public Future<Void> writeLock() {
    return permits.take(WRITER);
  }

  /**
   * Gives up the lock that {@link #writeLock} granted.
   *
   * @throws IllegalStateException if the lock is not held for writing; nothing is changed then
   */
  public void writeUnlock() {
    if (!permits.giveBackIf(WRITER, WRITER)) {
      throw new IllegalStateException("not locked for writing: " + this);
    }
  }

  /**
   * Locks for reading until the permit is closed. Discarding the future while it waits withdraws
   * the request.
   */
  public Future<Permit> acquireRead() {
    return permits.acquire(READER);
  }

  /**
   * Locks for writing until the permit is closed. Discarding the future while it waits withdraws
   * the request.
   */
  public Future<Permit> acquireWrite() {
    return permits.acquire(WRITER);
  }

  /** Runs a section during which there is no writer: see {@link Mutex#hold}. */
  public <R> Future<R> holdRead(CheckedSupplier<Future<R>> section) {
    return permits.hold(READER, section);
  }

  /** Runs a section during which there is no other holder: see {@link Mutex#hold}. */
  public <R> Future<R> holdWrite(CheckedSupplier<Future<R>> section) {
    return permits.hold(WRITER, section);
  }

  /**
   * Abandons the futures of all current and later waiters; holders of the lock may still give it
   * up. Idempotent.
   */
  @Override
  public void close() {
    permits.close();
  }

  /** {@code free}, {@code written} or the number of readers. */
  @Override
  public String toString() {
    long taken = WRITER - permits.free();
    if (taken == WRITER) {
      return "written";
    }
    return taken == 0 ? "free" : "read by " + taken;
  }
}
