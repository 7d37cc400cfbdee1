package io.libprocess.stream.bytes;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/**
 * A parser of the header of gzip, as it arrives.
 *
 * <pre>
 *   FIXED -> EXTRA_SIZE -> EXTRA -> NAME -> COMMENT -> SUM -> ENDED
 * </pre>
 */
final class GzipHeader {

  private static final int MAGIC_1 = 0x1F;
  private static final int MAGIC_2 = 0x8B;
  private static final int DEFLATE = 8;
  private static final int FIXED_SIZE = 10;
  private static final int FLAGS_AT = 3;
  private static final int SHORT_SIZE = 2;

  private static final int HAS_SUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private enum State {
    FIXED,
    EXTRA_SIZE,
    EXTRA,
    NAME,
    COMMENT,
    SUM,
    ENDED
  }

  private final CRC32 sum = new CRC32();
  private State state = State.FIXED;
  private int index; // In the part that arrives.
  private int flags;
  private int number; // Of two bytes, lowest first.
  private int expected;

  /** Starts again with another header. */
  void reset() {
    sum.reset();
    state = State.FIXED;
    index = 0;
  }

  /** Parses bytes, and tells whether the header has ended. */
  boolean parse(ByteBuffer input) throws ZipException {
    while (state != State.ENDED && input.hasRemaining()) {
      int value = input.get() & 0xFF;
      if (state != State.SUM) {
        sum.update(value);
      }
      take(value);
    }
    return state == State.ENDED;
  }

  private void take(int value) throws ZipException {
    switch (state) {
      case FIXED -> takeFixed(value);
      case EXTRA_SIZE -> {
        if (takeNumber(value)) {
          enter(number == 0 ? State.NAME : State.EXTRA);
        }
      }
      case EXTRA -> {
        if (++index == number) {
          enter(State.NAME);
        }
      }
      case NAME, COMMENT -> {
        if (value == 0) {
          enter(state == State.NAME ? State.COMMENT : State.SUM);
        }
      }
      case SUM -> {
        if (takeNumber(value)) {
          if (number != expected) {
            throw new ZipException("wrong checksum of the header of gzip");
          }
          enter(State.ENDED);
        }
      }
      case ENDED -> throw new IllegalStateException("no header");
    }
  }

  private void takeFixed(int value) throws ZipException {
    boolean legal =
        switch (index) {
          case 0 -> value == MAGIC_1;
          case 1 -> value == MAGIC_2;
          case 2 -> value == DEFLATE;
          case FLAGS_AT -> (value & RESERVED) == 0;
          default -> true;
        };
    if (!legal) {
      throw new ZipException(
          index < SHORT_SIZE ? "not gzip" : "illegal header of gzip: " + value + " at " + index);
    }
    if (index == FLAGS_AT) {
      flags = value;
    }
    if (++index == FIXED_SIZE) {
      enter(State.EXTRA_SIZE);
    }
  }

  private boolean takeNumber(int value) {
    number = index == 0 ? value : number | value << Byte.SIZE;
    return ++index == SHORT_SIZE;
  }

  /** Enters a state, or a later one if the header has no such part. */
  private void enter(State wanted) {
    state = wanted;
    index = 0;
    if (state == State.EXTRA_SIZE && (flags & HAS_EXTRA) == 0) {
      state = State.NAME;
    }
    if (state == State.NAME && (flags & HAS_NAME) == 0) {
      state = State.COMMENT;
    }
    if (state == State.COMMENT && (flags & HAS_COMMENT) == 0) {
      state = State.SUM;
    }
    if (state == State.SUM) {
      expected = (int) sum.getValue() & 0xFFFF;
      if ((flags & HAS_SUM) == 0) {
        state = State.ENDED;
      }
    }
  }
}
