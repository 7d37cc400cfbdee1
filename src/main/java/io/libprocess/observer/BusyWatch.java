package io.libprocess.observer;

import io.libprocess.internal.ContextSlot;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds busy processes by frequently looking at the running ones, while it is switched on. So the
 * processes themselves never read a clock. All methods may be called from any thread.
 */
final class BusyWatch {

  private static final Duration PERIOD = Duration.ofMillis(10);

  /**
   * The result of several looks.
   *
   * @param times how often each process was found running
   * @param looks the number of looks
   */
  record Seen(Map<ObservedProcess, Integer> times, int looks) {}

  private final ObservedNode node;
  private final Clock clock;

  // Guarded by the monitor of this.
  private Timer timer; // Null while it is off.
  private Map<ObservedProcess, Integer> times = new LinkedHashMap<>();
  private int looks;

  BusyWatch(ObservedNode node, Clock clock) {
    this.node = node;
    this.clock = clock;
  }

  synchronized void begin() {
    if (timer == null) {
      timer = ContextSlot.outside(() -> clock.timer(PERIOD, this::look));
    }
  }

  synchronized void end() {
    if (timer != null) {
      timer.cancel();
      timer = null;
      times = new LinkedHashMap<>();
      looks = 0;
    }
  }

  private synchronized void look() {
    if (timer == null) {
      return;
    }
    timer = clock.timer(PERIOD, this::look); // First, so that no failure ends it.
    looks++;
    node.running().keySet().forEach(process -> times.merge(process, 1, Integer::sum));
  }

  /** Returns and resets the counts since the last call. */
  synchronized Seen take() {
    Seen seen = new Seen(times, looks);
    times = new LinkedHashMap<>();
    looks = 0;
    return seen;
  }
}
