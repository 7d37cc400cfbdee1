package io.libprocess.time;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as text: a number and a unit without a space, such as {@code 1.5secs}. */
public final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)([a-z]+)");

  private static final Map<String, Long> NANOS =
      Map.ofEntries(
          Map.entry("ns", 1L),
          Map.entry("us", 1_000L),
          Map.entry("ms", 1_000_000L),
          Map.entry("s", 1_000_000_000L),
          Map.entry("secs", 1_000_000_000L),
          Map.entry("mins", 60_000_000_000L),
          Map.entry("hrs", 3_600_000_000_000L),
          Map.entry("days", 86_400_000_000_000L),
          Map.entry("weeks", 604_800_000_000_000L));

  private Durations() {}

  /**
   * Parses a duration.
   *
   * @throws IllegalArgumentException if {@code text} has another form or unit, or is longer than
   *     292 years
   */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    Long unit = matcher.matches() ? NANOS.get(matcher.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          "not a duration such as 500ms or 2secs (ns us ms s secs mins hrs days weeks): '"
              + text
              + "'");
    }
    BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("too long a duration: '" + text + "'");
    }
    return Duration.ofNanos(nanos.longValue());
  }
}
