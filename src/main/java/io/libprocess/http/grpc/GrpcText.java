package io.libprocess.http.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The texts of {@code grpc-message}: UTF-8 in which octets outside 0x20 to 0x7E, and the per cent
 * sign, are escaped. An escape that is broken is kept as it is.
 */
public final class GrpcText {

  private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();
  private static final int HEX = 16;

  private GrpcText() {}

  /** Encodes a text; blanks at its ends are escaped as well, since fields do not keep them. */
  public static String encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int octet = bytes[i] & 0xFF;
      boolean end = i == 0 || i == bytes.length - 1;
      if (octet > ' ' && octet < 0x7F && octet != '%' || octet == ' ' && !end) {
        out.append((char) octet);
      } else {
        out.append('%').append(DIGITS[octet / HEX]).append(DIGITS[octet % HEX]);
      }
    }
    return out.toString();
  }

  /** Decodes a text. */
  public static String decode(String field) {
    if (field.indexOf('%') < 0) {
      return field;
    }
    byte[] in = field.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(in.length);
    for (int i = 0; i < in.length; i++) {
      int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], HEX) : -1;
      int low = high < 0 ? -1 : Character.digit(in[i + 2], HEX);
      if (low < 0) {
        out.put(in[i]);
      } else {
        out.put((byte) (HEX * high + low));
        i += 2;
      }
    }
    return new String(out.array(), 0, out.position(), StandardCharsets.UTF_8);
  }
}
