package io.libprocess.http.grammar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The character classes of HTTP's grammar, and functions that treat bytes as characters. */
public final class Ascii {

  public static final int CR = '\r';
  public static final int LF = '\n';
  public static final int SP = ' ';
  public static final int TAB = '\t';

  private static final byte TOKEN = 1;
  private static final byte HOST = 2;
  private static final byte[] CLASSES = new byte[256];
  private static final byte[] HEX = new byte[256];

  static {
    String alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    mark(alphanumeric + "!#$%&'*+-.^_`|~", TOKEN);
    mark(alphanumeric + "-._~%!$&'()*+,;=", HOST);
    Arrays.fill(HEX, (byte) -1);
    for (int digit = 0; digit < 16; digit++) {
      HEX[Character.forDigit(digit, 16)] = (byte) digit;
      HEX[Character.toUpperCase(Character.forDigit(digit, 16))] = (byte) digit;
    }
  }

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private Ascii() {}

  private static void mark(String characters, byte bit) {
    for (int i = 0; i < characters.length(); i++) {
      CLASSES[characters.charAt(i)] |= bit;
    }
  }

  /** Whether a byte is legal in a token, such as a method or the name of a header. */
  public static boolean isToken(byte b) {
    return (CLASSES[b & 0xFF] & TOKEN) != 0;
  }

  public static boolean isToken(char c) {
    return c < 256 && (CLASSES[c] & TOKEN) != 0;
  }

  /** Whether a byte is legal in a host's name; the brackets of an IPv6 literal are not. */
  static boolean isHost(byte b) {
    return (CLASSES[b & 0xFF] & HOST) != 0;
  }

  public static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** The value of a hexadecimal digit, or -1. */
  public static int hex(byte b) {
    return HEX[b & 0xFF];
  }

  public static String string(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** Whether bytes equal a word, given in lower case, without regard to case. */
  public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, String lowerCase) {
    if (to - from != lowerCase.length()) {
      return false;
    }
    for (int i = from; i < to; i++) {
      int c = bytes[i];
      if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
      }
      if (c != lowerCase.charAt(i - from)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The index of the first control character other than a tab, or {@code to}. Eight bytes at a
   * time: a byte below 0x20 borrows from its high bit when 0x20 is subtracted, and 0x7F does so
   * when it is turned into zero and one is subtracted. A borrow may reach the bytes above, but
   * never the lowest one that is found.
   */
  public static int indexOfControl(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (i + Long.BYTES > to) {
        if (isControl(bytes[i])) {
          return i;
        }
        i++;
        continue;
      }
      long word = (long) LONGS.get(bytes, i);
      long delete = word ^ ONES * 0x7F;
      long found = ((word - ONES * 0x20) & ~word | (delete - ONES) & ~delete) & HIGHS;
      if (found == 0) {
        i += Long.BYTES;
        continue;
      }
      i += Long.numberOfTrailingZeros(found) >>> 3;
      if (bytes[i] != TAB) {
        return i;
      }
      i++;
    }
    return to;
  }

  private static boolean isControl(byte b) {
    return b >= 0 && b < SP && b != TAB || b == 0x7F;
  }
}
