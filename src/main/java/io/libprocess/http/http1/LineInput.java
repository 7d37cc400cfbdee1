package io.libprocess.http.http1;

import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.Rejection;
import java.util.Arrays;

/**
 * A buffer of input, from which lines or pieces of any size are taken. Only an incomplete line is
 * copied, and each of its bytes is looked at once, however small the pieces of the input are. When
 * all input has been taken it holds no bytes.
 *
 * <p>Lines end with CR LF. A single CR or LF, or any other control character except a tab, is
 * refused as soon as it is seen.
 */
final class LineInput {

  private static final Rejection BARE_CR =
      new Rejection(400, "A carriage return without line feed");
  private static final Rejection BARE_LF =
      new Rejection(400, "A line feed without carriage return");
  private static final Rejection CONTROL = new Rejection(400, "A control character");

  private static final int FIRST_CAPACITY = 64;
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int position;
  private int limit;

  // The beginning of an incomplete line; its last byte may be the CR of the line's end.
  private byte[] partial = NONE;
  private int partialSize;

  // The line taken last, without its end. Valid until the next call of a method.
  byte[] line = NONE;
  int from;
  int to;

  /** Feeds bytes when all earlier ones have been taken. The array is owned from now on. */
  void feed(byte[] more) {
    bytes = more;
    position = 0;
    limit = bytes.length;
  }

  /** Whether all bytes have been taken; the beginning of an incomplete line counts as taken. */
  boolean isEmpty() {
    return position == limit;
  }

  /** The bytes of memory that this holds. */
  int held() {
    return bytes.length + partial.length;
  }

  /** Whether an incomplete line has begun. */
  boolean isInsideLine() {
    return partialSize > 0;
  }

  /** The next byte, without taking it; must be called only if there is one. */
  byte peek() {
    return bytes[position];
  }

  /** Drops everything. */
  void clear() {
    bytes = NONE;
    line = NONE;
    partial = NONE;
    position = 0;
    limit = 0;
    partialSize = 0;
  }

  /** Drops the bytes that were taken. */
  void trim() {
    line = NONE;
    if (isEmpty()) {
      bytes = NONE;
      position = 0;
      limit = 0;
    }
  }

  /**
   * Takes the next line, if its end has arrived.
   *
   * @param most how many bytes the line may have with its end, at least 2
   * @param tooLong thrown if the line is longer, even if its end has not arrived
   */
  boolean takeLine(int most, Rejection tooLong) throws Rejection {
    if (isEmpty()) {
      return false;
    }
    if (partialSize > 0) {
      return continueLine(most, tooLong);
    }
    int control = Ascii.indexOfControl(bytes, position, limit);
    checkLength(control - position, most, tooLong);
    if (!endsLine(control)) {
      keepPartial(limit);
      return false;
    }
    line = bytes;
    from = position;
    to = control;
    position = control + 2;
    return true;
  }

  private boolean continueLine(int most, Rejection tooLong) throws Rejection {
    if (partial[partialSize - 1] == Ascii.CR) {
      if (bytes[position++] != Ascii.LF) {
        throw BARE_CR;
      }
      takePartial(partialSize - 1);
      return true;
    }
    int control = Ascii.indexOfControl(bytes, position, limit);
    checkLength(partialSize + control - position, most, tooLong);
    if (!endsLine(control)) {
      keepPartial(limit);
      return false;
    }
    keepPartial(control);
    takePartial(partialSize);
    position += 2;
    return true;
  }

  private static void checkLength(int length, int most, Rejection tooLong) throws Rejection {
    if (length > most - 2) {
      throw tooLong;
    }
  }

  /** Whether a line ends at an index; false if that is not known yet. */
  private boolean endsLine(int control) throws Rejection {
    if (control == limit) {
      return false;
    }
    switch (bytes[control]) {
      case Ascii.CR -> {
        if (control + 1 == limit) {
          return false;
        }
        if (bytes[control + 1] != Ascii.LF) {
          throw BARE_CR;
        }
        return true;
      }
      case Ascii.LF -> throw BARE_LF;
      default -> throw CONTROL;
    }
  }

  private void keepPartial(int end) {
    int more = end - position;
    if (partialSize + more > partial.length) {
      int capacity = Math.max(FIRST_CAPACITY, 2 * partialSize);
      partial = Arrays.copyOf(partial, Math.max(capacity, partialSize + more));
    }
    System.arraycopy(bytes, position, partial, partialSize, more);
    partialSize += more;
    position = end;
  }

  private void takePartial(int end) {
    line = partial;
    from = 0;
    to = end;
    partial = NONE;
    partialSize = 0;
  }

  /* ------ Pieces ------ */

  /** Takes up to a number of bytes, and returns the index of the first in {@link #array}. */
  int take(int count) {
    int start = position;
    position += count;
    return start;
  }

  /** The number of bytes that can be taken. */
  int available() {
    return limit - position;
  }

  /** The array to which {@link #take} refers. It must not be written to. */
  byte[] array() {
    return bytes;
  }
}
