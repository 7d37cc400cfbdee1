package io.libprocess.sync;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;

/**
 * A lock that one writer or any number of readers hold. Nobody blocks for it: whoever wants it gets
 * a future. It is granted strictly in the order of the requests, where readers next to each other
 * get it together: after the requests W1 R1 R2 W2 R3 the order is W1, then R1 and R2, then W2, then
 * R3. So a writer who waits stops later readers, and none of them starves.
 *
 * <p>It is not re-entrant and cannot be upgraded: a reader who asks again while a writer waits
 * deadlocks. It belongs to no thread; all methods may be called from any. The callbacks of those
 * who get it run, in their order, inside the call that gives it up.
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
   * Locks for reading: ready at once if no writer holds the lock or waits for it. Discarding it
   * changes nothing.
   */
  public Future<Void> readLock() {
    return permits.take(READER);
  }

  /**
   * Gives up what {@link #readLock} got.
   *
   * @throws IllegalStateException if the lock is not held for reading; nothing is changed then
   */
  public void readUnlock() {
    if (!permits.giveBackIf(READER, WRITER - 1)) {
      throw new IllegalStateException("not locked for reading: " + this);
    }
  }

  /** Locks for writing: ready at once if nobody holds the lock. Discarding it changes nothing. */
  public Future<Void> writeLock() {
    return permits.take(WRITER);
  }

  /**
   * Gives up what {@link #writeLock} got.
   *
   * @throws IllegalStateException if the lock is not held for writing; nothing is changed then
   */
  public void writeUnlock() {
    if (!permits.giveBackIf(WRITER, WRITER)) {
      throw new IllegalStateException("not locked for writing: " + this);
    }
  }

  /** Locks for reading until the permit is closed. Discarding it while it waits withdraws it. */
  public Future<Permit> acquireRead() {
    return permits.acquire(READER);
  }

  /** Locks for writing until the permit is closed. Discarding it while it waits withdraws it. */
  public Future<Permit> acquireWrite() {
    return permits.acquire(WRITER);
  }

  /** Runs a section in which there is no writer: see {@link Mutex#hold}. */
  public <R> Future<R> holdRead(CheckedSupplier<Future<R>> section) {
    return permits.hold(READER, section);
  }

  /** Runs a section in which there is nobody else: see {@link Mutex#hold}. */
  public <R> Future<R> holdWrite(CheckedSupplier<Future<R>> section) {
    return permits.hold(WRITER, section);
  }

  /**
   * Abandons everybody who waits or comes later; whoever holds the lock may give it up. Idempotent.
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
