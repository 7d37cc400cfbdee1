package io.libprocess.http.grpc;

import java.time.Duration;
import java.util.Optional;

/** The times of {@code grpc-timeout}: up to eight digits and a unit. */
public final class GrpcTimeout {

  private static final int MOST_DIGITS = 8;
  private static final long MOST = 99_999_999;

  private static final String UNITS = "numSMH";
  private static final long[] NANOS = {
    1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L
  };

  private GrpcTimeout() {}

  /** Encodes a time in the finest unit that fits, rounded down; one nanosecond if it is past. */
  public static String encode(long nanos) {
    long left = Math.max(1, nanos);
    int unit = 0;
    while (left / NANOS[unit] > MOST) {
      unit++;
    }
    return left / NANOS[unit] + UNITS.substring(unit, unit + 1);
  }

  /** Decodes a time; empty if it is none. */
  public static Optional<Duration> parse(String text) {
    int digits = text.length() - 1;
    int unit = digits < 1 || digits > MOST_DIGITS ? -1 : UNITS.indexOf(text.charAt(digits));
    if (unit < 0) {
      return Optional.empty();
    }
    long number = 0;
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return Optional.empty();
      }
      number = 10 * number + c - '0';
    }
    return Optional.of(Duration.ofNanos(NANOS[unit]).multipliedBy(number));
  }
}
