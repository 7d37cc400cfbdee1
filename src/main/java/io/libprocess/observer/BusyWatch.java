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
  private int begins; // How often it was switched on, so that a timer of before does nothing.
  private Map<ObservedProcess, Integer> times = new LinkedHashMap<>();
  private int looks;

  BusyWatch(ObservedNode node, Clock clock) {
    this.node = node;
    this.clock = clock;
  }

  synchronized void begin() {
    if (timer == null) {
      begins++;
      timer = ContextSlot.outside(() -> next(begins));
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

  private Timer next(int begun) {
    return clock.timer(PERIOD, () -> look(begun));
  }

  /** Called when a timer has fired, which may have been cancelled just before. */
  private synchronized void look(int begun) {
    if (timer == null || begun != begins) {
      return;
    }
    timer = next(begun); // First, so that no failure ends it.
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
