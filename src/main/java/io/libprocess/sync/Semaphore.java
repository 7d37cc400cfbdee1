package io.libprocess.sync;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import java.util.Optional;

/**
 * A number of permits that are handed out strictly in the order of the requests. They are waited
 * for by holding a future instead of blocking. A request for many that does not fit yet holds up
 * smaller ones behind it, so it does not starve.
 *
 * <p>Permits come back only by {@link Permit#close}, so there are never more than at the start. All
 * methods may be called from any thread. A waiter's callbacks run inside the call that makes room.
 */
public final class Semaphore implements AutoCloseable {

  private final int permits;
  private final PermitQueue queue;

  /**
   * Makes a semaphore with a number of permits, all available.
   *
   * @throws IllegalArgumentException if the number is not positive
   */
  public Semaphore(int permits) {
    if (permits < 1) {
      throw new IllegalArgumentException("permits < 1: " + permits);
    }
    this.permits = permits;
    this.queue = new PermitQueue(permits);
  }

  /** Takes one permit: see {@link #acquire(int)}. */
  public Future<Permit> acquire() {
    return queue.acquire(1);
  }

  /**
   * Takes several permits, which are closed together. The future is ready at once if enough are
   * available and no request waits. Discarding it while it waits withdraws the request.
   *
   * @throws IllegalArgumentException if {@code count} is less than one or more than there are
   *     permits in all
   */
  public Future<Permit> acquire(int count) {
    return queue.acquire(checked(count));
  }

  /**
   * Takes several permits if enough are available and no request waits.
   *
   * @throws IllegalArgumentException if {@code count} is less than one or more than there are
   *     permits in all
   */
  public Optional<Permit> tryAcquire(int count) {
    return Optional.ofNullable(queue.acquireNow(checked(count)));
  }

  /** Runs a section that takes one permit: see {@link Mutex#hold}. */
  public <R> Future<R> hold(CheckedSupplier<Future<R>> section) {
    return queue.hold(1, section);
  }

  private int checked(int count) {
    if (count < 1 || count > permits) {
      throw new IllegalArgumentException("not within 1 to " + permits + ": " + count);
    }
    return count;
  }

  /** The number of permits available now. */
  public int available() {
    return (int) queue.free();
  }

  /**
   * Abandons the futures of all current and later waiters; permits may still be closed. Idempotent.
   */
  @Override
  public void close() {
    queue.close();
  }
}
