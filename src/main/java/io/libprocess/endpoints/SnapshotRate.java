package io.libprocess.endpoints;

import io.libprocess.settings.Durations;
import java.time.Duration;

/** The rate limit of {@code /metrics/snapshot} as text: {@code 2/1secs}, or empty for no limit. */
public final class SnapshotRate {

  /** The default interval, that of libprocess. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(500);

  private SnapshotRate() {}

  /**
   * Parses a rate and returns the time from one answer to the next; zero without a limit.
   *
   * @throws IllegalArgumentException if the text has another form, or the rate is not positive
   */
  public static Duration interval(String text) {
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    String[] parts = text.split("/", -1);
    if (parts.length != 2 || !parts[0].matches("0*[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException("not a rate such as 2/1secs: '" + text + "'");
    }
    Duration interval = duration(parts[1], text).dividedBy(Long.parseLong(parts[0]));
    if (interval.isZero()) {
      throw new IllegalArgumentException("not a rate of at most one a nanosecond: '" + text + "'");
    }
    return interval;
  }

  private static Duration duration(String part, String text) {
    try {
      return Durations.parse(part);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a rate such as 2/1secs: '" + text + "'", e);
    }
  }
}
