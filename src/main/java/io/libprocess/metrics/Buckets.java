package io.libprocess.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of whole numbers by size, in log-linear buckets like those of HdrHistogram: each power of
 * two is divided into eight, so a bucket is no wider than an eighth of the numbers in it.
 *
 * <h2>Protocol</h2>
 *
 * <p>Recording is one atomic addition to a bucket and one to the sum, and never waits. A reader
 * copies the buckets one by one: a number recorded meanwhile may or may not be in the copy. The
 * count is that of the copy, so the buckets always add up to it. The sum may be a few recordings
 * ahead or behind.
 */
final class Buckets {

  private static final int DIVISION_BITS = 3;
  private static final int DIVISIONS = 1 << DIVISION_BITS;

  /** Larger numbers count as this: in nanoseconds it is more than an hour. */
  private static final int LARGEST_POWER = 42;

  private static final long LARGEST = 1L << LARGEST_POWER;
  private static final int SIZE = index(LARGEST) + 1;

  private final AtomicLongArray counts = new AtomicLongArray(SIZE);
  private final LongAdder sum = new LongAdder();
  private final LongAccumulator greatest = new LongAccumulator(Math::max, 0);

  /** A copy of the counts at one time. */
  static final class Copy {

    private final long[] counts;
    private final long total;
    private final long sum;
    private final long greatest;

    private Copy(long[] counts, long total, long sum, long greatest) {
      this.counts = counts;
      this.total = total;
      this.sum = sum;
      this.greatest = greatest;
    }

    long total() {
      return total;
    }

    long sum() {
      return sum;
    }

    long greatest() {
      return greatest;
    }

    long least() {
      for (int i = 0; i < SIZE; i++) {
        if (counts[i] > 0) {
          return Math.min(greatest, lowest(i));
        }
      }
      return 0;
    }

    /** How many numbers are at most a power of two. */
    long atMost(int power) {
      long count = 0;
      for (int i = index(1L << power); i >= 0; i--) {
        count += counts[i];
      }
      return count;
    }

    /** The number below which a fraction of all numbers lie, interpolated within a bucket. */
    double percentile(double fraction) {
      double position = fraction * (total - 1);
      long before = 0;
      for (int i = 0; i < SIZE; i++) {
        if (counts[i] > 0 && position < before + counts[i]) {
          double within = (position - before + 0.5) / counts[i];
          double low = i == 0 ? 0 : highest(i - 1);
          double value = low + (highest(i) - low) * Math.min(1, within);
          return Math.max(least(), Math.min(greatest, value));
        }
        before += counts[i];
      }
      return greatest;
    }
  }

  /** The bucket of a number; bucket {@code i} has the numbers above {@code highest(i - 1)}. */
  private static int index(long number) {
    long zeroBased = number - 1;
    if (zeroBased < DIVISIONS) {
      return (int) Math.max(0, zeroBased);
    }
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(zeroBased);
    int shift = power - DIVISION_BITS;
    return (shift + 1) * DIVISIONS + (int) (zeroBased >>> shift & DIVISIONS - 1);
  }

  /** The largest number of a bucket. */
  private static long highest(int index) {
    if (index < DIVISIONS) {
      return index + 1;
    }
    int shift = index / DIVISIONS - 1;
    return (long) (DIVISIONS + index % DIVISIONS + 1) << shift;
  }

  /** The smallest number of a bucket. */
  private static long lowest(int index) {
    return index == 0 ? 0 : highest(index - 1) + 1;
  }

  /** Counts a number; a negative one counts as zero. */
  void record(long number) {
    long counted = Math.max(0, Math.min(LARGEST, number));
    counts.getAndAdd(index(counted), 1);
    sum.add(counted);
    if (counted > greatest.get()) {
      greatest.accumulate(counted);
    }
  }

  /** The count of all numbers. */
  long total() {
    long total = 0;
    for (int i = 0; i < SIZE; i++) {
      total += counts.get(i);
    }
    return total;
  }

  Copy copy() {
    long[] copied = new long[SIZE];
    long total = 0;
    for (int i = 0; i < SIZE; i++) {
      copied[i] = counts.get(i);
      total += copied[i];
    }
    return new Copy(copied, total, sum.sum(), greatest.get());
  }
}
