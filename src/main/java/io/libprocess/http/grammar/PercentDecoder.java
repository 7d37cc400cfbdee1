package io.libprocess.http.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Decodes percent-encoding (RFC 3986, section 2.1). In a path a plus sign stands for itself, in a
 * query for a blank.
 */
public final class PercentDecoder {

  private PercentDecoder() {}

  /**
   * Decodes a part of a path as UTF-8; invalid UTF-8 becomes U+FFFD.
   *
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
   */
  public static String path(String text) {
    return text.indexOf('%') < 0 ? text : new String(bytes(text, '+'), StandardCharsets.UTF_8);
  }

  /**
   * Decodes a text to bytes.
   *
   * @param plus the ASCII character for which a plus sign stands
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
   */
  public static byte[] bytes(String text, char plus) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] != '%') {
        decoded.write(encoded[i] == '+' ? plus : encoded[i]);
      } else if (isEscape(encoded, i, encoded.length)) {
        decoded.write(Ascii.hex(encoded[i + 1]) << 4 | Ascii.hex(encoded[i + 2]));
        i += 2;
      } else {
        throw new IllegalArgumentException(
            "a percent sign without two hexadecimal digits in '" + text + "'");
      }
    }
    return decoded.toByteArray();
  }

  /**
   * Whether the percent sign at an index is followed by two hexadecimal digits.
   *
   * @param to the index at which the text ends
   */
  public static boolean isEscape(byte[] bytes, int at, int to) {
    return at + 2 < to && Ascii.hex(bytes[at + 1]) >= 0 && Ascii.hex(bytes[at + 2]) >= 0;
  }
}
