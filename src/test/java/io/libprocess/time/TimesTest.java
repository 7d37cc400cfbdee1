package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimesTest {

  private static final Instant MAX = Nanos.instant(Nanos.MAX);

  @Test
  void rfc1123_epoch() {
    assertEquals("Thu, 01 Jan 1970 00:00:00 GMT", Times.rfc1123(Instant.EPOCH));
    assertEquals(
        "Thu, 02 Mar 1989 00:00:00 GMT", Times.rfc1123(Instant.parse("1989-03-02T00:00:00Z")));
  }

  @Test
  void rfc1123_fractionIsCutOff() {
    Instant time = Instant.parse("1989-03-02T00:00:00.999999999Z");
    assertEquals("Thu, 02 Mar 1989 00:00:00 GMT", Times.rfc1123(time));
    assertEquals("Wed, 31 Dec 1969 23:59:59 GMT", Times.rfc1123(Instant.EPOCH.minusNanos(1)));
  }

  @Test
  void rfc1123_maximum() {
    assertEquals("Fri, 11 Apr 2262 23:47:16 GMT", Times.rfc1123(MAX));
  }

  @Test
  void rfc1123_agreesWithTheJdk() {
    DateTimeFormatter jdk =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      Instant time = Instant.ofEpochSecond(random.nextLong(-60_000_000_000L, 250_000_000_000L));
      assertEquals(jdk.format(time), Times.rfc1123(time));
    }
  }

  @Test
  void rfc1123_isTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertEquals("Thu, 01 Jan 1970 00:00:00 GMT", Times.rfc1123(Instant.EPOCH));
      assertEquals("1970-01-01 00:00:00+00:00", Times.rfc3339(Instant.EPOCH));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void rfc3339_withoutAFraction() {
    assertEquals("1970-01-01 00:00:00+00:00", Times.rfc3339(Instant.EPOCH));
    assertEquals("1989-03-02 13:04:05+00:00", Times.rfc3339(Instant.parse("1989-03-02T13:04:05Z")));
  }

  @Test
  void rfc3339_fractionHasNineDigits() {
    assertEquals("1970-01-01 00:00:00.000000001+00:00", Times.rfc3339(Instant.ofEpochSecond(0, 1)));
    assertEquals(
        "1989-03-02 00:00:00.100000000+00:00",
        Times.rfc3339(Instant.parse("1989-03-02T00:00:00.1Z")));
    assertEquals("1969-12-31 23:59:59.999999999+00:00", Times.rfc3339(Instant.EPOCH.minusNanos(1)));
  }

  @Test
  void rfc3339_maximum() {
    assertEquals("2262-04-11 23:47:16.854775807+00:00", Times.rfc3339(MAX));
  }

  @Test
  void yearsMayHaveMoreDigits() {
    Instant first = LocalDate.MIN.atStartOfDay().toInstant(ZoneOffset.UTC);
    assertEquals("-999999999-01-01 00:00:00+00:00", Times.rfc3339(first));
    assertEquals("Mon, 01 Jan -999999999 00:00:00 GMT", Times.rfc1123(first));
    Instant last = LocalDateTime.MAX.toInstant(ZoneOffset.UTC);
    assertEquals("999999999-12-31 23:59:59.999999999+00:00", Times.rfc3339(last));
  }

  @Test
  void rfc3339_isTheDefaultText() {
    Instant time = Instant.parse("1989-03-02T00:00:00.5Z");
    assertEquals("1989-03-02 00:00:00.500000000+00:00", new Timeout(time).toString());
    try (Clock clock = Clock.paused(time)) {
      assertEquals("Clock[1989-03-02 00:00:00.500000000+00:00, paused]", clock.toString());
    }
  }
}
