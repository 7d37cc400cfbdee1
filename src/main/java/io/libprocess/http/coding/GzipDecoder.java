package io.libprocess.http.coding;

import io.libprocess.http.grammar.Rejection;
import io.libprocess.stream.Chunk;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes gzip (RFC 1952) while the bytes arrive: {@link #feed} takes a piece, and {@link #next}
 * returns the decompressed bytes, a little at a time, so that a few bytes which expand to very many
 * never need much memory. Any number of members may follow each other; each is checked by its
 * checksum and length. For one thread at a time.
 *
 * <pre>
 *   MAGIC -> EXTRA_SIZE -> EXTRA -> NAME -> COMMENT -> HEADER_SUM -> DATA -> TRAILER -> MAGIC ...
 * </pre>
 *
 * <p>It holds native memory, which {@link #close} or a rejection frees.
 */
final class GzipDecoder implements AutoCloseable {

  private static final Rejection NO_GZIP = new Rejection(400, "The body is not gzip");
  private static final Rejection BAD_HEADER = new Rejection(400, "Illegal header of gzip");
  private static final Rejection BAD_DATA = new Rejection(400, "Illegal data in gzip");
  private static final Rejection BAD_SUM = new Rejection(400, "Wrong checksum in gzip");
  private static final Rejection CUT_OFF = new Rejection(400, "The gzip body ends early");

  /** The most bytes that come out at once. */
  static final int MOST_OUT = 16 << 10;

  private static final int HEADER_SIZE = 10;
  private static final int TRAILER_SIZE = 8;
  private static final int MAGIC = 0x8B1F;
  private static final int DEFLATE = 8;

  private static final int HAS_SUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private enum State {
    MAGIC,
    EXTRA_SIZE,
    EXTRA,
    NAME,
    COMMENT,
    HEADER_SUM,
    DATA,
    TRAILER
  }

  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32(); // Of the header, then of the data.
  private final byte[] fixed = new byte[HEADER_SIZE]; // A part of fixed size, as it arrives.
  private final byte[] output = new byte[MOST_OUT];

  private byte[] input = {};
  private int position;
  private State state = State.MAGIC;
  private int collected; // Bytes of the fixed part so far.
  private int flags;
  private int extraLeft;
  private boolean closed;

  /** Feeds compressed bytes; only when those before are used up. */
  void feed(Chunk piece) {
    if (closed) {
      return;
    }
    input = piece.toArray();
    position = 0;
  }

  /**
   * The next decompressed bytes, at most {@link #MOST_OUT}; none if more has to be fed first.
   *
   * @throws Rejection if the input is not gzip
   */
  Chunk next() throws Rejection {
    try {
      while (!closed && (position < input.length || state == State.DATA)) {
        if (state == State.DATA) {
          Chunk piece = inflate();
          if (!piece.isEmpty() || state == State.DATA) {
            return piece;
          }
        } else {
          header();
        }
      }
      return Chunk.empty();
    } catch (Rejection e) {
      close();
      throw e;
    }
  }

  /**
   * Checks that the input may end here: after a member, or before the first one for an empty body.
   *
   * @throws Rejection if not
   */
  void finish() throws Rejection {
    close();
    if (state != State.MAGIC || collected > 0) {
      throw CUT_OFF;
    }
  }

  /** Frees the memory. Idempotent. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      input = new byte[0];
      position = 0;
      inflater.end();
    }
  }

  /* ------ Headers and trailers ------ */

  private void header() throws Rejection {
    switch (state) {
      case MAGIC -> {
        if (collect(HEADER_SIZE)) {
          startMember();
        }
      }
      case EXTRA_SIZE -> {
        if (collect(2)) {
          extraLeft = number(0, 2);
          enter(State.EXTRA);
        }
      }
      case EXTRA -> skipExtra();
      case NAME, COMMENT -> skipText();
      case HEADER_SUM -> {
        int expected = (int) sum.getValue() & 0xFFFF;
        if (collect(2)) {
          check(number(0, 2) == expected);
          enter(State.DATA);
        }
      }
      case TRAILER -> {
        int expected = (int) sum.getValue();
        if (collect(TRAILER_SIZE)) {
          check(number(0, 4) == expected && number(4, 4) == (int) inflater.getBytesWritten());
          inflater.reset();
          state = State.MAGIC;
        }
      }
      case DATA -> throw new IllegalStateException("no header");
    }
  }

  private static void check(boolean same) throws Rejection {
    if (!same) {
      throw BAD_SUM;
    }
  }

  private void startMember() throws Rejection {
    flags = fixed[3];
    if (number(0, 2) != MAGIC) {
      throw NO_GZIP;
    }
    if (fixed[2] != DEFLATE || (flags & RESERVED) != 0) {
      throw BAD_HEADER;
    }
    sum.reset();
    sum.update(fixed, 0, HEADER_SIZE);
    enter(State.EXTRA_SIZE);
  }

  /** Enters a state, or a later one if the member has no such part. */
  private void enter(State wanted) {
    state = wanted;
    if (state == State.EXTRA_SIZE && (flags & HAS_EXTRA) == 0
        || state == State.EXTRA && extraLeft == 0) {
      state = State.NAME;
    }
    if (state == State.NAME && (flags & HAS_NAME) == 0) {
      state = State.COMMENT;
    }
    if (state == State.COMMENT && (flags & HAS_COMMENT) == 0) {
      state = State.HEADER_SUM;
    }
    if (state == State.HEADER_SUM && (flags & HAS_SUM) == 0) {
      state = State.DATA;
    }
    if (state == State.DATA) {
      sum.reset();
    }
  }

  /** Collects a part of fixed size; true if all of it is there. */
  private boolean collect(int size) throws Rejection {
    int count = Math.min(size - collected, input.length - position);
    System.arraycopy(input, position, fixed, collected, count);
    if (state == State.EXTRA_SIZE) {
      sum.update(input, position, count);
    }
    position += count;
    collected += count;
    if (state == State.MAGIC && collected > 0 && fixed[0] != (byte) MAGIC) {
      throw NO_GZIP; // Known before the rest has arrived.
    }
    boolean complete = collected == size;
    if (complete) {
      collected = 0;
    }
    return complete;
  }

  /** A number in the fixed part, lowest byte first. */
  private int number(int from, int size) {
    int number = 0;
    for (int i = from + size - 1; i >= from; i--) {
      number = number << 8 | fixed[i] & 0xFF;
    }
    return number;
  }

  private void skipExtra() {
    int count = Math.min(extraLeft, input.length - position);
    sum.update(input, position, count);
    position += count;
    extraLeft -= count;
    if (extraLeft == 0) {
      enter(State.NAME);
    }
  }

  private void skipText() {
    int end = position;
    while (end < input.length && input[end] != 0) {
      end++;
    }
    boolean complete = end < input.length;
    end += complete ? 1 : 0;
    sum.update(input, position, end - position);
    position = end;
    if (complete) {
      enter(state == State.NAME ? State.COMMENT : State.HEADER_SUM);
    }
  }

  /* ------ Data ------ */

  /**
   * Inflates a part of the data; empty if more input is needed or the data has ended, which ends
   * the state.
   */
  private Chunk inflate() throws Rejection {
    int size;
    inflater.setInput(input, position, input.length - position);
    try {
      size = inflater.inflate(output);
    } catch (DataFormatException e) {
      throw BAD_DATA;
    }
    if (inflater.needsDictionary()) {
      throw BAD_DATA;
    }
    position = input.length - inflater.getRemaining();
    sum.update(output, 0, size);
    if (inflater.finished()) {
      state = State.TRAILER;
    }
    return Chunk.of(Arrays.copyOf(output, size));
  }
}
