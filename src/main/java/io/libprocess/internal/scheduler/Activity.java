package io.libprocess.internal.scheduler;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A part of the runtime that may have work under way: a scheduler, an event loop. A clock settles
 * once all activities registered with it are idle.
 *
 * <p>So that this can be observed from outside without stopping anything, new work counts as {@link
 * #progress()} no later than it makes {@link #isIdle()} false. A thread that sees the activity idle
 * between two equal readings of its progress then knows that it was idle at the second reading.
 */
public interface Activity {

  /** Whether nothing is running and nothing is queued. Any thread may call this. */
  boolean isIdle();

  /**
   * How many pieces of work have been handed over in all; it never decreases. Any thread may call
   * this.
   */
  long progress();

  /**
   * The registry of the activities of each clock. A clock is identified by its object and
   * remembered only while an activity is registered with it. Thread-safe.
   */
  final class Registry {

    private static final Activity[] NONE = {};

    // Guarded by its own monitor. The arrays are never changed, so a reader can tell by identity
    // whether an activity was registered or removed meanwhile.
    private static final Map<Object, Activity[]> ACTIVITIES = new IdentityHashMap<>();

    private Registry() {}

    /** Adds an activity; one that is registered twice must be unregistered twice. */
    public static void register(Object clock, Activity activity) {
      Objects.requireNonNull(clock, "clock");
      Objects.requireNonNull(activity, "activity");
      synchronized (ACTIVITIES) {
        Activity[] before = ACTIVITIES.getOrDefault(clock, NONE);
        Activity[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = activity;
        ACTIVITIES.put(clock, after);
      }
    }

    /** Removes an activity; does nothing if it is not registered. */
    public static void unregister(Object clock, Activity activity) {
      Objects.requireNonNull(clock, "clock");
      Objects.requireNonNull(activity, "activity");
      synchronized (ACTIVITIES) {
        Activity[] before = ACTIVITIES.getOrDefault(clock, NONE);
        int index = 0;
        while (index < before.length && before[index] != activity) {
          index++;
        }
        if (index == before.length) {
          return;
        }
        if (before.length == 1) {
          ACTIVITIES.remove(clock);
          return;
        }
        Activity[] after = Arrays.copyOf(before, before.length - 1);
        System.arraycopy(before, index + 1, after, index, after.length - index);
        ACTIVITIES.put(clock, after);
      }
    }

    /** Removes a clock that was closed. */
    public static void forget(Object clock) {
      Objects.requireNonNull(clock, "clock");
      synchronized (ACTIVITIES) {
        ACTIVITIES.remove(clock);
      }
    }

    /**
     * The activities of a clock: the same array until one is registered or removed. The caller must
     * not change it.
     */
    public static Activity[] of(Object clock) {
      Objects.requireNonNull(clock, "clock");
      synchronized (ACTIVITIES) {
        return ACTIVITIES.getOrDefault(clock, NONE);
      }
    }
  }
}
