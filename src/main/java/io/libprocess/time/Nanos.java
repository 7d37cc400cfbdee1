package io.libprocess.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Durations and points in time (since 1970) as 64-bit nanoseconds. A value that does not fit
 * becomes the nearer end of the range. {@code Long.MIN_VALUE} is never a result: it stays free for
 * "no time".
 */
final class Nanos {

  static final long MAX = Long.MAX_VALUE;
  static final long MIN = -Long.MAX_VALUE;

  private static final long PER_SECOND = 1_000_000_000L;

  private Nanos() {}

  static long of(Duration duration) {
    return of(duration.getSeconds(), duration.getNano());
  }

  static long ofNotNegative(Duration duration) {
    if (Objects.requireNonNull(duration, "duration").isNegative()) {
      throw new IllegalArgumentException("duration < 0: " + duration);
    }
    return of(duration);
  }

  static long of(Instant time) {
    return of(time.getEpochSecond(), time.getNano());
  }

  // The nanoseconds count upward from the second, even below zero.
  private static long of(long seconds, int nanos) {
    boolean negative = seconds < 0;
    long whole = negative ? seconds + 1 : seconds;
    if (Math.abs(whole) > MAX / PER_SECOND) {
      return negative ? MIN : MAX;
    }
    return sum(whole * PER_SECOND, negative ? nanos - PER_SECOND : nanos);
  }

  /** a + b. */
  static long sum(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      return a < 0 ? MIN : MAX;
    }
    return Math.max(sum, MIN);
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, PER_SECOND), Math.floorMod(nanos, PER_SECOND));
  }

  /** The duration from one time to a later one; zero if it is not later. */
  static Duration between(long from, long to) {
    if (to <= from) {
      return Duration.ZERO;
    }
    long nanos = to - from;
    return nanos > 0
        ? Duration.ofNanos(nanos)
        : Duration.between(instant(from), instant(to)); // More than 292 years.
  }
}
