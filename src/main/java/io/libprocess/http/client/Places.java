package io.libprocess.http.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The places for requests on a shared connection. Any thread may call the methods: the number of
 * places that are taken is raised by a compare-and-set, and the limits may change at the same time.
 */
final class Places {

  /** How many streams a server is believed to take before its settings have come. */
  private static final int FIRST = 100;

  private final AtomicInteger taken = new AtomicInteger();
  private volatile int most = FIRST;
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

  void resize(int newMost) {
    most = newMost;
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
