package io.libprocess.http.grammar;

/**
 * What a {@code Content-Length} says that the library was given, and did not parse off the wire.
 */
public final class ContentLength {

  /** Not stated, or nonsense. */
  public static final long UNKNOWN = -1;

  private static final int MOST_DIGITS = 18;

  private ContentLength() {}

  /** The number that a text is; {@link #UNKNOWN} if it is none, or has more than 18 digits. */
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
