package io.libprocess.sync;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.WaitQueue;

/**
 * An event that happens once, and the futures that wait for it. Each caller gets a new future: a
 * discard makes that one discarded at once and has no effect on the others. The lock guards all
 * fields; promises are completed without it, in the order in which they were asked for.
 */
final class OneShot {

  private static final class Waiting extends WaitQueue.Entry {
    final Promise<Void> promise = new Promise<>();
  }

  private final Object lock = new Object();
  private final WaitQueue<Waiting> waiting = new WaitQueue<>();
  private boolean given;

  /** A future that is ready when the event has happened. */
  Future<Void> future() {
    if (isGiven()) {
      return Future.done();
    }
    Waiting waiter = new Waiting();
    Future<Void> future = waiter.promise.future().onDiscard(() -> withdraw(waiter));
    synchronized (lock) {
      if (given) {
        return Future.done();
      }
      waiting.add(waiter); // Last, because it cannot fail.
    }
    return future;
  }

  private void withdraw(Waiting waiter) {
    synchronized (lock) {
      waiting.remove(waiter);
    }
    waiter.promise.discard();
  }

  boolean isGiven() {
    synchronized (lock) {
      return given;
    }
  }

  /** Lets the event happen; true the first time. */
  boolean give() {
    StackReserve.checkForOperation();
    return giveNow();
  }

  /** Like {@link #give}, within an operation that has already checked the stack. */
  boolean giveNow() {
    Waiting told;
    synchronized (lock) {
      if (given) {
        return false;
      }
      given = true;
      told = waiting.takeAll();
    }
    for (; told != null; told = WaitQueue.next(told)) {
      told.promise.set(null);
    }
    return true;
  }
}
