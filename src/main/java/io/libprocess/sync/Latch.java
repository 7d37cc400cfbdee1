package io.libprocess.sync;

import io.libprocess.future.Future;
import java.time.Duration;

/**
 * An event that happens once and that anybody can wait for. All methods may be called from any
 * thread. Nothing triggers a latch by itself: whoever gives up has to do it. (libprocess's does
 * when it is destroyed.)
 */
public final class Latch {

  private final OneShot event = new OneShot();

  /** Makes a latch that is not triggered. */
  public Latch() {}

  /**
   * Triggers. Callbacks of those who wait run inside this call.
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
   * A future that is ready when the latch is triggered. Each call makes a future of its own;
   * discarding one makes it discarded and concerns no other.
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
    triggered.discard(); // Nobody waits any more.
    return inTime;
  }
}
