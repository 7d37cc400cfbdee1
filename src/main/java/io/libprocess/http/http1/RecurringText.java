package io.libprocess.http.http1;

import io.libprocess.http.grammar.Ascii;
import java.util.Arrays;

/**
 * Converts bytes to text, and keeps texts that recur, such as a client's name or a popular path, so
 * that they are not made anew for each request. A text is kept if its place was last looked up for
 * the same bytes, so texts that occur once displace nothing.
 *
 * <p>Any number of threads may use it at once without a lock: they read and write references to
 * immutable objects, and a lost update only means that a text is made once more. It is of fixed
 * size, and nothing secret should go through it.
 */
final class RecurringText {

  private static final int PLACES = 512; // A power of two.
  private static final int LONGEST = 96;

  private record Entry(byte[] bytes, String text) {}

  private static final Entry[] KEPT = new Entry[PLACES];
  private static final int[] LAST_HASH = new int[PLACES];

  private RecurringText() {}

  /** The text of some bytes, which are ISO 8859-1. */
  static String of(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length == 0) {
      return "";
    }
    if (length > LONGEST) {
      return Ascii.string(bytes, from, to);
    }
    int hash = hash(bytes, from, to);
    int place = (hash ^ hash >>> 16) & PLACES - 1;
    Entry entry = KEPT[place];
    if (entry != null && Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, from, to)) {
      return entry.text;
    }
    String text = Ascii.string(bytes, from, to);
    if (LAST_HASH[place] == hash) {
      KEPT[place] = new Entry(Arrays.copyOfRange(bytes, from, to), text);
    } else {
      LAST_HASH[place] = hash;
    }
    return text;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash * 0x9E3779B9;
  }
}
