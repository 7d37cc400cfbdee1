package io.libprocess.http.hpack;

import io.libprocess.http.grammar.Ascii;

/**
 * Checks the octets of names and values, before strings are made of them. What passes may be
 * written as a header line of HTTP/1.1, and is the same field there.
 */
final class FieldOctets {

  private static final byte NAME = 1;
  private static final byte VALUE = 2;
  private static final byte[] CLASSES = new byte[256];

  static {
    for (int octet = 0; octet < 256; octet++) {
      boolean upper = octet >= 'A' && octet <= 'Z';
      if (Ascii.isToken((byte) octet) && !upper) {
        CLASSES[octet] |= NAME;
      }
      if (octet >= ' ' && octet != 0x7F || octet == Ascii.TAB) {
        CLASSES[octet] |= VALUE;
      }
    }
  }

  private FieldOctets() {}

  /** Why a name is malformed, or null. A colon is legal at the start, for pseudo-fields. */
  static String judgeName(byte[] bytes, int from, int to) {
    int i = from < to && bytes[from] == ':' ? from + 1 : from;
    if (i == to) {
      return "the name of a field is empty";
    }
    while (i < to && (CLASSES[bytes[i] & 0xFF] & NAME) != 0) {
      i++;
    }
    return i == to ? null : "an illegal character in the name of a field, or an upper-case letter";
  }

  /** Why a value is malformed, or null. */
  static String judgeValue(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && (CLASSES[bytes[i] & 0xFF] & VALUE) != 0) {
      i++;
    }
    if (i < to) {
      return "an illegal character in the value of a field";
    }
    return from < to && (isBlank(bytes[from]) || isBlank(bytes[to - 1]))
        ? "a blank at an end of the value of a field"
        : null;
  }

  private static boolean isBlank(byte octet) {
    return octet == Ascii.SP || octet == Ascii.TAB;
  }
}
