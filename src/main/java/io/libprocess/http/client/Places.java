package io.libprocess.http.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The places for requests on a shared connection. Any thread may call the methods: the number of
 * places that are taken is raised by a compare-and-set, and the limits may change at the same time.
 */
final class Places {

  /** How many streams a server is believed to take of which nothing is known. */
  static final int FIRST = 100;

  private final AtomicInteger taken = new AtomicInteger();
  private volatile int most = FIRST; // Written under the lock of this object.
  private boolean told; // Guarded by it: the server has said how many streams it takes.
  private volatile boolean suspended;
  private volatile boolean closed;

  /** Takes a place; false if there is none. */
  boolean tryTake() {
    int now;
    do {
      now = taken.get();
      if (closed || suspended || now >= most) {
        return false;
      }
    } while (!taken.compareAndSet(now, now + 1));
    return true;
  }

  void release() {
    taken.decrementAndGet();
  }

  boolean areUnused() {
    return taken.get() == 0;
  }

  /** How many there are. */
  int most() {
    return most;
  }

  /** Sets how many the server takes; false if that was believed already. */
  synchronized boolean resize(int newMost) {
    boolean changed = most != newMost;
    most = newMost;
    told = true;
    return changed;
  }

  /**
   * Sets how many the server is believed to take, unless its settings have come. It is at least
   * one: a server that never says anything is found by a request.
   */
  synchronized void expect(int number) {
    if (!told) {
      most = Math.max(1, number);
    }
  }

  /** Gives no places for the time being. */
  void suspend() {
    suspended = true;
  }

  boolean areSuspended() {
    return suspended;
  }

  void resume() {
    suspended = false;
  }

  /** Gives no places any more. */
  void close() {
    closed = true;
  }

  boolean areClosed() {
    return closed;
  }
}
