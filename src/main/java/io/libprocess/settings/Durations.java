package io.libprocess.settings;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations from text: a number and a unit without a space, such as {@code 1.5secs}. */
public final class Durations {

  /** The form that {@link #parse} accepts, for error texts. */
  static final String FORM =
      "a duration such as 500ms or 2secs (ns us ms s secs mins hrs days weeks)";

  // The bound on the digits keeps the arithmetic short.
  private static final Pattern PATTERN = Pattern.compile("(\\d{1,40}(?:\\.\\d{1,40})?)([a-z]+)");

  private static final int NANO_DIGITS = 9;
  private static final BigDecimal MOST = seconds(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));

  private static final Map<String, Duration> UNITS =
      Map.ofEntries(
          Map.entry("ns", Duration.ofNanos(1)),
          Map.entry("us", Duration.ofNanos(1_000)),
          Map.entry("ms", Duration.ofMillis(1)),
          Map.entry("s", Duration.ofSeconds(1)),
          Map.entry("secs", Duration.ofSeconds(1)),
          Map.entry("mins", Duration.ofMinutes(1)),
          Map.entry("hrs", Duration.ofHours(1)),
          Map.entry("days", Duration.ofDays(1)),
          Map.entry("weeks", Duration.ofDays(7)));

  private Durations() {}

  /**
   * Parses a duration. Fractions of a nanosecond are cut off.
   *
   * @throws IllegalArgumentException if {@code text} has another form or unit, or is longer than a
   *     {@link Duration} can be
   */
  public static Duration parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("not " + FORM + ": '" + text + "'");
    }
    BigDecimal seconds = new BigDecimal(matcher.group(1)).multiply(seconds(unit));
    if (seconds.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("too long a duration: '" + text + "'");
    }
    BigDecimal whole = seconds.setScale(0, RoundingMode.DOWN);
    BigDecimal nanos = seconds.subtract(whole).movePointRight(NANO_DIGITS);
    return Duration.ofSeconds(whole.longValueExact(), nanos.longValue());
  }

  private static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.getSeconds())
        .add(BigDecimal.valueOf(duration.getNano(), NANO_DIGITS));
  }
}
