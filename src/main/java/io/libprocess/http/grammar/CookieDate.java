package io.libprocess.http.grammar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * The dates of cookies, which are read as RFC 6265, section 5.1.1, has it: whatever their order.
 */
public final class CookieDate {

  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final int LONGEST = 100;
  private static final int FIRST_YEAR = 1601;

  private CookieDate() {}

  /** The time that a text says; empty if it is no date. */
  public static Optional<Instant> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    int[] clock = null;
    int day = -1;
    int month = -1;
    int year = -1;
    for (String token : text.split("[\\x09\\x20-\\x2F\\x3B-\\x40\\x5B-\\x60\\x7B-\\x7E]+")) {
      if (clock == null && token.matches("\\d{1,2}:\\d{1,2}:\\d{1,2}(\\D.*)?")) {
        clock = clock(token);
      } else if (day < 0 && token.matches("\\d{1,2}(\\D.*)?")) {
        day = number(token);
      } else if (month < 0 && isMonth(token)) {
        month = month(token);
      } else if (year < 0 && token.matches("\\d{2,4}(\\D.*)?")) {
        year = number(token);
      }
    }
    if (clock == null || day < 0 || month < 0 || year < 0) {
      return Optional.empty();
    }
    int full = year < 70 ? year + 2000 : year < 100 ? year + 1900 : year;
    try {
      return full < FIRST_YEAR
          ? Optional.empty()
          : Optional.of(
              LocalDateTime.of(full, month, day, clock[0], clock[1], clock[2])
                  .toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int[] clock(String token) {
    String[] parts = token.split(":", 3);
    return new int[] {number(parts[0]), number(parts[1]), number(parts[2])};
  }

  private static int number(String token) {
    int end = 0;
    while (end < token.length() && token.charAt(end) >= '0' && token.charAt(end) <= '9') {
      end++;
    }
    return Integer.parseInt(token.substring(0, end));
  }

  private static boolean isMonth(String token) {
    return token.length() >= 3 && month(token) > 0;
  }

  private static int month(String token) {
    int at = MONTHS.indexOf(token.substring(0, 3).toLowerCase(Locale.ROOT));
    return at >= 0 && at % 3 == 0 ? at / 3 + 1 : -1;
  }
}
