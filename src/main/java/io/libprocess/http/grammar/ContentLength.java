package io.libprocess.http.grammar;

/** Parses values of {@code Content-Length} that do not come from a message parser. */
public final class ContentLength {

  /** The length is missing or not valid. */
  public static final long UNKNOWN = -1;

  private static final int MOST_DIGITS = 18;

  private ContentLength() {}

  /** The number in a text; {@link #UNKNOWN} if it is not a number, or has more than 18 digits. */
  public static long parse(String text) {
    int digits = text.length();
    if (digits == 0 || digits > MOST_DIGITS) {
      return UNKNOWN;
    }
    long length = 0;
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return UNKNOWN;
      }
      length = 10 * length + c - '0';
    }
    return length;
  }
}
