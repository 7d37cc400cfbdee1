package io.libprocess.metrics;

import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The past values of a metric, for a limited time back. */
final class PastValues {

  private final TimeSeries<Double> series;

  PastValues(Duration window, Clock clock) {
    series = new TimeSeries<>(window, TimeSeries.CAPACITY, clock);
  }

  void add(double value) {
    series.set(value);
  }

  Optional<Statistics<Double>> statistics() {
    return Statistics.ofDoubles(series.values());
  }
}
