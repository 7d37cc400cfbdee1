package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.grammar.PercentDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding for URLs. Text is UTF-8. (libprocess: {@code http::encode} and {@code
 * http::decode}, on bytes.)
 */
public final class Percent {

  private static final String RESERVED = "$&+,/:;=?@ \"<>#%{}|\\^~[]`";

  private Percent() {}

  /**
   * Encodes all but letters, digits and {@code -_.!*'()}: other characters become {@code %} and two
   * upper-case hexadecimal digits for each byte. The control character 0x7F is left as it is.
   */
  public static String encode(String text) {
    return encode(text, "");
  }

  /** Like {@link #encode(String)}, and also encodes the given ASCII characters. */
  public static String encode(String text, String more) {
    return encode(text.getBytes(StandardCharsets.UTF_8), more);
  }

  /** Like {@link #encode(String)}, for bytes that need not be text. */
  public static String encode(byte[] bytes) {
    return encode(bytes, "");
  }

  private static String encode(byte[] bytes, String more) {
    requireNonNull(more, "more");
    StringBuilder encoded = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      char c = (char) (b & 0xFF);
      if (c >= 0x20 && c < 0x80 && RESERVED.indexOf(c) < 0 && more.indexOf(c) < 0) {
        encoded.append(c);
      } else {
        encoded
            .append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return encoded.toString();
  }

  /**
   * Undoes {@link #encode(String)}; a plus sign is a blank. Invalid UTF-8 becomes U+FFFD.
   *
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
   */
  public static String decode(String text) {
    return text.indexOf('%') < 0
        ? text.replace('+', ' ')
        : new String(decodeBytes(text), StandardCharsets.UTF_8);
  }

  /**
   * Like {@link #decode}, for bytes that need not be text.
   *
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
   */
  public static byte[] decodeBytes(String text) {
    return PercentDecoder.bytes(text, ' ');
  }
}
