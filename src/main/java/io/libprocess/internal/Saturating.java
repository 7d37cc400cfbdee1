package io.libprocess.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Durations as 64-bit numbers. A value that does not fit becomes the nearer end of the range:
 * {@code Long.MAX_VALUE} nanoseconds, 292 years, mean "for ever".
 */
public final class Saturating {

  private Saturating() {}

  /** A duration in nanoseconds. */
  public static long nanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }

  /** A duration in milliseconds. */
  public static long millis(Duration duration) {
    return TimeUnit.MILLISECONDS.convert(duration);
  }

  /** A duration that is not negative as often as a positive number; at most 292 years. */
  public static Duration times(Duration duration, int number) {
    return Duration.ofNanos(Math.min(nanos(duration), Long.MAX_VALUE / number) * number);
  }

  /** a + b. */
  public static long sum(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return sum;
  }
}
