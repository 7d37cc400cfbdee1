package io.libprocess.time;

import io.libprocess.internal.scheduler.Activity;
import io.libprocess.internal.scheduler.ThreadContext;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for quiescence: until a paused clock and the activities registered with it are all idle at
 * one instant.
 *
 * <p>They cannot all be looked at in one instant, and work moves between them: an activity that is
 * looked at early may get work from one that is looked at late. Hence a double collect, in this
 * order:
 *
 * <ol>
 *   <li>read the progress of every activity;
 *   <li>see that every activity is idle, and that the clock is quiet: no timer due, none running;
 *   <li>read the progress of every activity again: all must be equal, and the activities the same;
 *   <li>see again that all are idle, and that the clock is quiet and has fired nothing since.
 * </ol>
 *
 * <p>The instant is the beginning of step 3. New work counts as progress no later than it makes an
 * activity busy. So an activity that was idle in step 2 and shows no progress in step 3 was idle
 * all the time between, and at the instant all of them were. A timer that was due at the instant is
 * still due in step 4 or has fired since; both are seen there. (Or another thread has cancelled it:
 * then it is no work.)
 */
final class Quiescence {

  private static final int YIELDS = 100;
  private static final long PAUSE_NANOS = 50_000;

  private Quiescence() {}

  static void await(Clock clock) {
    if (ThreadContext.isRuntimeThread()) {
      throw new IllegalStateException(
          "settle() on the runtime thread "
              + Thread.currentThread().getName()
              + " would wait for itself");
    }
    for (int attempt = 0; ; attempt++) {
      if (!clock.isPaused()) {
        throw new IllegalStateException("settle() needs a paused clock: " + clock);
      }
      if (isSettled(clock)) {
        return;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted while settling: " + clock);
      }
      if (attempt < YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(clock, PAUSE_NANOS);
      }
    }
  }

  private static boolean isSettled(Clock clock) {
    Activity[] activities = Activity.Registry.of(clock);
    long[] progress = new long[activities.length];
    for (int i = 0; i < activities.length; i++) {
      progress[i] = activities[i].progress();
    }
    VarHandle.fullFence(); // The steps must not overlap, whatever the activities read.
    long batches = clock.state.quietBatches();
    if (batches < 0 || !allIdle(activities)) {
      return false;
    }
    VarHandle.fullFence();
    for (int i = 0; i < activities.length; i++) {
      if (activities[i].progress() != progress[i]) {
        return false;
      }
    }
    VarHandle.fullFence();
    return allIdle(activities)
        && clock.state.quietBatches() == batches
        && Activity.Registry.of(clock) == activities;
  }

  private static boolean allIdle(Activity[] activities) {
    for (Activity activity : activities) {
      if (!activity.isIdle()) {
        return false;
      }
    }
    return true;
  }
}
