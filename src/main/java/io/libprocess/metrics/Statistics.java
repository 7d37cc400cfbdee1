package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The statistics of a distribution of values. A percentile is interpolated between the two values
 * next to it. Time plays no part: all values have equal weight.
 *
 * @param <T> the type of the values
 * @param count the number of values
 * @param min the least value
 * @param max the greatest value
 * @param p25 a quarter is less than this
 * @param p50 half is less than this
 * @param p75 three quarters are less than this
 * @param p90 90 % are less than this
 * @param p95 95 % are less than this
 * @param p99 99 % are less than this
 * @param p999 99.9 % are less than this
 * @param p9999 99.99 % are less than this
 */
public record Statistics<T>(
    long count, T min, T max, T p25, T p50, T p75, T p90, T p95, T p99, T p999, T p9999) {

  /** The statistics of numbers; empty for fewer than two. */
  public static Optional<Statistics<Double>> ofDoubles(Collection<Double> values) {
    return of(values, Comparator.naturalOrder(), Interpolation.DOUBLE);
  }

  /** The statistics of durations; empty for fewer than two. */
  public static Optional<Statistics<Duration>> ofDurations(Collection<Duration> values) {
    return of(values, Comparator.naturalOrder(), Interpolation.DURATION);
  }

  /** The statistics of values of any kind; empty for fewer than two. */
  public static <T> Optional<Statistics<T>> of(
      Collection<? extends T> values, Comparator<? super T> order, Interpolation<T> interpolation) {
    requireNonNull(order, "order");
    requireNonNull(interpolation, "interpolation");
    List<T> sorted = new ArrayList<>(values);
    if (sorted.size() < 2) {
      return Optional.empty();
    }
    sorted.sort(order);
    return Optional.of(
        new Statistics<>(
            sorted.size(),
            sorted.get(0),
            sorted.get(sorted.size() - 1),
            percentile(sorted, 0.25, interpolation),
            percentile(sorted, 0.5, interpolation),
            percentile(sorted, 0.75, interpolation),
            percentile(sorted, 0.9, interpolation),
            percentile(sorted, 0.95, interpolation),
            percentile(sorted, 0.99, interpolation),
            percentile(sorted, 0.999, interpolation),
            percentile(sorted, 0.9999, interpolation)));
  }

  private static <T> T percentile(
      List<T> sorted, double percentile, Interpolation<T> interpolation) {
    double position = percentile * (sorted.size() - 1);
    int below = (int) position;
    return interpolation.between(sorted.get(below), sorted.get(below + 1), position - below);
  }
}
