package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How often something was how large: how long requests took, how many bytes answers had. Values are
 * counted in buckets of which each is an eighth as wide as its values are large, so memory is
 * limited (about 3 KiB) and percentiles are right to within 6 %. There is no window: everything
 * since the start counts.
 *
 * <p>Recording never blocks and allocates nothing. All methods may be called from any thread.
 */
public final class Histogram implements Metric {

  private static final double NANOS = 1e9;

  // What is shown to scrapers: about a microsecond to 17 seconds, or 1 to 16 million.
  private static final int LEAST_DURATION_POWER = 10;
  private static final int GREATEST_DURATION_POWER = 34;
  private static final int GREATEST_NUMBER_POWER = 24;

  private final String name;
  private final boolean isOfDurations;
  private final Buckets buckets = new Buckets();

  /**
   * How many values are no larger than a bound.
   *
   * @param atMost the bound; in seconds if the values are durations
   * @param count how many, those of smaller bounds included
   */
  public record Bucket(double atMost, long count) {}

  private Histogram(String name, boolean isOfDurations) {
    this.name = requireNonNull(name, "name");
    this.isOfDurations = isOfDurations;
  }

  /** A histogram of durations, which it shows in seconds; from a nanosecond to about an hour. */
  public static Histogram ofDurations(String name) {
    return new Histogram(name, true);
  }

  /** A histogram of whole numbers that are not negative, such as sizes. */
  public static Histogram ofNumbers(String name) {
    return new Histogram(name, false);
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * Counts a number; of a histogram of durations, that many nanoseconds. Less than 0 counts as 0.
   */
  public void record(long value) {
    buckets.record(value);
  }

  /** Counts a duration, as its nanoseconds. */
  public void record(Duration duration) {
    long nanos;
    try {
      nanos = duration.toNanos();
    } catch (ArithmeticException e) {
      nanos = duration.isNegative() ? 0 : Long.MAX_VALUE;
    }
    buckets.record(nanos);
  }

  /** How many values have been recorded. */
  @Override
  public Future<Double> value() {
    return Future.of((double) buckets.total());
  }

  /** How the values are distributed, to within 6 %; none for fewer than two. */
  @Override
  public Optional<Statistics<Double>> statistics() {
    Buckets.Copy copy = buckets.copy();
    if (copy.total() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        new Statistics<>(
            copy.total(),
            shown(copy.least()),
            shown(copy.greatest()),
            percentile(copy, 0.25),
            percentile(copy, 0.5),
            percentile(copy, 0.75),
            percentile(copy, 0.9),
            percentile(copy, 0.95),
            percentile(copy, 0.99),
            percentile(copy, 0.999),
            percentile(copy, 0.9999)));
  }

  private double percentile(Buckets.Copy copy, double fraction) {
    return shown(copy.percentile(fraction));
  }

  private double shown(double number) {
    return isOfDurations ? number / NANOS : number;
  }

  /**
   * The counts for scrapers: how many values are at most each power of two, of nanoseconds if they
   * are durations, from about a microsecond to 17 seconds; of numbers from 1 to 16 million. The
   * last bucket has all of them, and infinity as its bound.
   */
  public List<Bucket> buckets() {
    return buckets(buckets.copy());
  }

  private List<Bucket> buckets(Buckets.Copy copy) {
    List<Bucket> list = new ArrayList<>();
    int last = isOfDurations ? GREATEST_DURATION_POWER : GREATEST_NUMBER_POWER;
    for (int power = isOfDurations ? LEAST_DURATION_POWER : 0; power <= last; power++) {
      list.add(new Bucket(shown(1L << power), copy.atMost(power)));
    }
    list.add(new Bucket(Double.POSITIVE_INFINITY, copy.total()));
    return list;
  }

  /** What is shown at one time, so that the buckets and the sum belong together. */
  record Shown(List<Bucket> buckets, double sum) {}

  Shown shown() {
    Buckets.Copy copy = buckets.copy();
    return new Shown(buckets(copy), shown(copy.sum()));
  }

  /** The sum of all values; in seconds if they are durations. */
  public double sum() {
    return shown(buckets.copy().sum());
  }

  /** Whether the values are durations. */
  boolean isOfDurations() {
    return isOfDurations;
  }

  @Override
  public String toString() {
    return name + "=" + statistics().map(Statistics::toString).orElse("{}");
  }
}
