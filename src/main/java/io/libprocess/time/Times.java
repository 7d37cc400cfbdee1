package io.libprocess.time;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

/** Formats of points in time, in UTC and the same in every locale. */
public final class Times {

  private static final String DAYS = "MonTueWedThuFriSatSun";
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final int SECONDS_PER_DAY = 86_400;
  private static final int MORE_YEARS = 6; // Extra characters: a year may be -999999999.

  private Times() {}

  /**
   * The form of HTTP's {@code Date} header, with the fraction of a second cut off: {@code Thu, 02
   * Mar 1989 00:00:00 GMT}.
   */
  public static String rfc1123(Instant time) {
    Text text = new Text(29 + MORE_YEARS);
    LocalDate date = date(time);
    text.name(DAYS, date.getDayOfWeek().getValue()).put(", ");
    text.digits(date.getDayOfMonth(), 2).put(" ");
    text.name(MONTHS, date.getMonthValue()).put(" ");
    text.year(date).put(" ").clock(time).put(" GMT");
    return text.toString();
  }

  /**
   * With a space, nine digits of a fraction only if there is one, and an offset: {@code 1989-03-02
   * 00:00:00+00:00}, {@code 1989-03-02 00:00:00.000000001+00:00}.
   */
  public static String rfc3339(Instant time) {
    int nanos = time.getNano();
    Text text = new Text(35 + MORE_YEARS);
    LocalDate date = date(time);
    text.year(date).put("-");
    text.digits(date.getMonthValue(), 2).put("-");
    text.digits(date.getDayOfMonth(), 2).put(" ").clock(time);
    if (nanos != 0) {
      text.put(".").digits(nanos, 9);
    }
    return text.put("+00:00").toString();
  }

  /** The form of logs of requests: {@code 02/Mar/1989:00:00:00 +0000}. */
  public static String common(Instant time) {
    Text text = new Text(26 + MORE_YEARS);
    LocalDate date = date(time);
    text.digits(date.getDayOfMonth(), 2).put("/");
    text.name(MONTHS, date.getMonthValue()).put("/");
    text.year(date).put(":").clock(time).put(" +0000");
    return text.toString();
  }

  private static LocalDate date(Instant time) {
    return LocalDate.ofEpochDay(Math.floorDiv(time.getEpochSecond(), SECONDS_PER_DAY));
  }

  /** Short ASCII text, written from left to right. */
  private static final class Text {

    private final byte[] bytes;
    private int length;

    Text(int capacity) {
      bytes = new byte[capacity];
    }

    Text put(String text) {
      for (int i = 0; i < text.length(); i++) {
        bytes[length++] = (byte) text.charAt(i);
      }
      return this;
    }

    /** Appends one of several names of three letters, counted from one. */
    Text name(String names, int number) {
      for (int i = 3 * number - 3; i < 3 * number; i++) {
        bytes[length++] = (byte) names.charAt(i);
      }
      return this;
    }

    Text year(LocalDate date) {
      int year = date.getYear();
      return year >= 0 && year <= 9999 ? digits(year, 4) : put(Integer.toString(year));
    }

    Text digits(int value, int count) {
      int rest = value;
      for (int i = length + count - 1; i >= length; i--) {
        bytes[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      length += count;
      return this;
    }

    /** Appends hours, minutes and seconds. */
    Text clock(Instant time) {
      int second = Math.floorMod(time.getEpochSecond(), SECONDS_PER_DAY);
      digits(second / 3600, 2).put(":");
      digits(second / 60 % 60, 2).put(":");
      return digits(second % 60, 2);
    }

    @Override
    public String toString() {
      return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
  }
}
