package io.libprocess.sync;

import io.libprocess.future.Future;
import java.time.Duration;

/**
 * An event that happens once and that any number of callers can wait for. All methods may be called
 * from any thread. Only {@link #trigger} triggers a latch: a holder that gives up must call it.
 * (The latch of libprocess is triggered when it is destroyed.)
 */
public final class Latch {

  private final OneShot event = new OneShot();

  /** Makes a latch that is not triggered. */
  public Latch() {}

  /**
   * Triggers the latch. The callbacks of those that wait run inside this call.
   *
   * @return true for the first call only
   */
  public boolean trigger() {
    return event.give();
  }

  /** Whether it has been triggered. */
  public boolean isTriggered() {
    return event.isGiven();
  }

  /**
   * A future that is ready when the latch is triggered. Each call makes a new future; discarding
   * one has no effect on the others.
   */
  public Future<Void> triggered() {
    return event.future();
  }

  /**
   * Blocks until the latch is triggered, as {@link Future#await(Duration)} does; a process should
   * use {@link #triggered} instead.
   *
   * @return whether it was triggered in time
   */
  public boolean await(Duration limit) {
    Future<Void> triggered = triggered();
    boolean inTime = triggered.await(limit);
    triggered.discard(); // Nothing waits any more.
    return inTime;
  }
}
