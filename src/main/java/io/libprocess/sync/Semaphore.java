package io.libprocess.sync;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import java.util.Optional;

/**
 * A number of permits that are handed out strictly in the order of the requests. Nobody blocks for
 * one: whoever wants some gets a future. A request for many that does not fit yet holds up smaller
 * ones behind it, so it does not starve.
 *
 * <p>Permits come back by {@link Permit#close} only, so there are never more than at the start. All
 * methods may be called from any thread. A waiter's callbacks run inside the call that makes room.
 */
public final class Semaphore implements AutoCloseable {

  private final int permits;
  private final PermitQueue queue;

  /**
   * Makes a semaphore with so many permits, all there.
   *
   * @throws IllegalArgumentException if there is none
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
   * Takes several permits, which are closed together. Ready at once if there are so many and nobody
   * waits. Discarding it while it waits withdraws it.
   *
   * @throws IllegalArgumentException if less than one or more than all are asked for
   */
  public Future<Permit> acquire(int count) {
    return queue.acquire(checked(count));
  }

  /**
   * Takes several permits if there are so many and nobody waits.
   *
   * @throws IllegalArgumentException if less than one or more than all are asked for
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

  /** How many permits are there now. */
  public int available() {
    return (int) queue.free();
  }

  /** Abandons everybody who waits or comes later; permits may still be closed. Idempotent. */
  @Override
  public void close() {
    queue.close();
  }
}
