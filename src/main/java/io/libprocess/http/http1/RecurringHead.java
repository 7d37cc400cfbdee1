package io.libprocess.http.http1;

import io.libprocess.http.Response;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.internal.MemoryBudget;
import java.util.Arrays;

/**
 * The bytes of a head, which later requests on the same connection may repeat, with the shortcut
 * for those. A body is recognized only if it has arrived completely and in the plainest form: with
 * a stated length, or as one chunk without extension or trailers. Everything else is left to the
 * parser.
 */
public final class RecurringHead {

  /** Longer ones are not kept: each connection may keep a few. */
  static final int LONGEST = 1 << 10;

  private static final int MOST_DIGITS = 6;
  private static final byte[] LAST_CHUNK = {'\r', '\n', '0', '\r', '\n', '\r', '\n'};

  private final byte[] head;
  private final boolean chunked;
  private final long length;
  private final Recurrence recurrence;

  /** A recognized request: its body, and its size in bytes including the head. */
  record Found(byte[] body, int size) {}

  RecurringHead(byte[] head, boolean chunked, long length, Recurrence recurrence) {
    this.head = head;
    this.chunked = chunked;
    this.length = length;
    this.recurrence = recurrence;
  }

  /**
   * Recognizes the request that begins at an index of an array and ends before a limit; or returns
   * null.
   */
  Found find(byte[] bytes, int from, int limit) {
    int body = from + head.length;
    if (body > limit || !Arrays.equals(bytes, from, body, head, 0, head.length)) {
      return null;
    }
    if (chunked) {
      return findChunk(bytes, from, body, limit);
    }
    if (length > limit - body) {
      return null;
    }
    int end = body + (int) length;
    return new Found(Arrays.copyOfRange(bytes, body, end), end - from);
  }

  private static Found findChunk(byte[] bytes, int from, int start, int limit) {
    int size = 0;
    int at = start;
    for (int digit; at < limit && (digit = Ascii.hex(bytes[at])) >= 0; at++) {
      if (at - start == MOST_DIGITS) {
        return null;
      }
      size = size << 4 | digit;
    }
    int body = at + 2;
    int end = body + size + LAST_CHUNK.length;
    boolean found =
        size > 0
            && end <= limit
            && bytes[at] == Ascii.CR
            && bytes[at + 1] == Ascii.LF
            && Arrays.equals(bytes, body + size, end, LAST_CHUNK, 0, LAST_CHUNK.length);
    return found ? new Found(Arrays.copyOfRange(bytes, body, body + size), end - from) : null;
  }

  /** The bytes of memory that this holds. */
  int held() {
    return head.length + MemoryBudget.OBJECT;
  }

  Response answer(byte[] body) {
    return recurrence.answer(body);
  }
}
