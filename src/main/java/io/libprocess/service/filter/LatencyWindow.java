package io.libprocess.service.filter;

import io.libprocess.metrics.Histogram;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A percentile of the latencies of the last half a minute or less, which is computed anew every few
 * seconds. There are two histograms, begun at different times: both count everything, and the older
 * one is asked, and replaced by the younger one when its time is over.
 *
 * <p>The lock guards which histograms there are; it is not held to record.
 */
final class LatencyWindow {

  private static final long HALF_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long REFRESH_NANOS = Duration.ofSeconds(3).toNanos();
  private static final double NANOS = 1e9;

  private final Clock clock;
  private final double fraction;

  // Written under the lock.
  private volatile Histogram older = histogram();
  private volatile Histogram younger = histogram();
  private volatile long percentile = -1; // In nanoseconds; negative if there is none.
  private volatile long due; // When it is computed anew.
  private long rotation; // When the histograms change next.

  LatencyWindow(double fraction, Clock clock) {
    this.clock = clock;
    this.fraction = fraction;
    this.due = clock.nanoTime() + REFRESH_NANOS;
    this.rotation = clock.nanoTime() + HALF_NANOS;
  }

  private static Histogram histogram() {
    return Histogram.ofDurations("latency");
  }

  void record(long nanos) {
    older.record(nanos);
    younger.record(nanos);
  }

  /** The percentile in nanoseconds; none before it was computed first. */
  OptionalLong percentile() {
    long now = clock.nanoTime();
    if (now - due >= 0) {
      refresh(now);
    }
    long current = percentile;
    return current < 0 ? OptionalLong.empty() : OptionalLong.of(current);
  }

  private synchronized void refresh(long now) {
    if (now - due < 0) {
      return; // Another thread did.
    }
    due = now + REFRESH_NANOS;
    older.percentile(fraction).ifPresent(seconds -> percentile = Math.round(seconds * NANOS));
    if (now - rotation >= 0) {
      rotation = now + HALF_NANOS;
      older = younger;
      younger = histogram();
    }
  }
}
