package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The distribution of a quantity, such as the duration of requests or the size of answers. Values
 * are counted in buckets, each an eighth as wide as its values are large, so memory is limited
 * (about 3 KiB) and percentiles are accurate to within 6 %. There is no window: everything since
 * the start counts.
 *
 * <p>Recording never blocks and allocates nothing. All methods may be called from any thread.
 */
public final class Histogram implements Metric {

  private static final double NANOS = 1e9;

  // The buckets for scrapers: from about a microsecond to 17 seconds, or 1 to 16 million.
  private static final int LEAST_DURATION_POWER = 10;
  private static final int GREATEST_DURATION_POWER = 34;
  private static final int GREATEST_NUMBER_POWER = 24;

  private final String name;
  private final boolean isOfDurations;
  private final Buckets buckets = new Buckets();

  /**
   * The number of values up to a bound.
   *
   * @param atMost the bound; in seconds if the values are durations
   * @param count the number of values, including those of smaller bounds
   */
  public record Bucket(double atMost, long count) {}

  private Histogram(String name, boolean isOfDurations) {
    this.name = requireNonNull(name, "name");
    this.isOfDurations = isOfDurations;
  }

  /**
   * Makes a histogram of durations, which it shows in seconds; from a nanosecond to about an hour.
   */
  public static Histogram ofDurations(String name) {
    return new Histogram(name, true);
  }

  /** Makes a histogram of whole numbers that are not negative, such as sizes. */
  public static Histogram ofNumbers(String name) {
    return new Histogram(name, false);
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * Counts a number, which is in nanoseconds in a histogram of durations. Negative numbers count as
   * 0.
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

  /** The number of recorded values. */
  @Override
  public Future<Double> value() {
    return Future.of((double) buckets.total());
  }

  /** The statistics of the values, accurate to within 6 %; empty for fewer than two. */
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

  /**
   * The value that a fraction of all values are below, to within 6 %; none for fewer than two.
   *
   * @param fraction from 0 to 1
   */
  public OptionalDouble percentile(double fraction) {
    Buckets.Copy copy = buckets.copy();
    return copy.total() < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(percentile(copy, fraction));
  }

  private double percentile(Buckets.Copy copy, double fraction) {
    return shown(copy.percentile(fraction));
  }

  private double shown(double number) {
    return isOfDurations ? number / NANOS : number;
  }

  /**
   * The buckets for scrapers: the number of values up to each power of two. For durations the
   * powers are of nanoseconds, from about a microsecond to 17 seconds; for numbers they go from 1
   * to 16 million. The last bucket has all values, and infinity as its bound.
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

  /** The buckets and the sum at one time, which belong together. */
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
