package io.libprocess.http.http1;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.Rejection;
import io.libprocess.stream.Chunk;
import java.util.Arrays;

/**
 * Parses the body of a message, and the trailers after it.
 *
 * <pre>
 *   FIXED -> ENDED
 *   UNBOUNDED -> ENDED
 *   CHUNK_LINE -> CHUNK -> CHUNK_END -> CHUNK_LINE
 *            \-> TRAILERS -> ENDED
 * </pre>
 */
final class BodyParser {

  private static final Rejection BAD_SIZE = new Rejection(400, "Illegal size of a chunk");
  private static final Rejection HUGE = new Rejection(400, "The size of a chunk is out of range");
  private static final Rejection LONG_LINE = new Rejection(400, "The line of a chunk is too long");
  private static final Rejection NO_END = new Rejection(400, "No line end after a chunk");
  private static final Rejection LONG_TRAILERS = new Rejection(431, "The trailers are too long");

  private static final int LINE_END = 2;

  private enum State {
    FIXED,
    UNBOUNDED,
    CHUNK_LINE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    ENDED
  }

  private final LineInput input;
  private final int mostChunkLine;
  private final int mostTrailers;
  private final FieldParser fields;

  private State state = State.ENDED;
  private long left; // Bytes left of the body, or of the chunk.
  private int trailersLeft;
  private Headers trailers = Headers.empty();
  private int heldByTrailers;
  private Chunk piece = Chunk.empty();

  /**
   * Makes a parser.
   *
   * @param fields the parser of the trailers, which must not be used otherwise while a body is
   *     parsed
   */
  BodyParser(LineInput input, FieldParser fields, Limits limits) {
    this.input = input;
    this.fields = fields;
    this.mostChunkLine = limits.chunkLine();
    this.mostTrailers = limits.trailers();
  }

  void startFixed(long length) {
    start(length == 0 ? State.ENDED : State.FIXED);
    left = length;
  }

  /** Starts a body that goes on until {@link #endInput}. */
  void startUnbounded() {
    start(State.UNBOUNDED);
    left = Long.MAX_VALUE;
  }

  /** Notes that no more input will come, and tells whether the body may end there. */
  boolean endInput() {
    if (state == State.UNBOUNDED) {
      state = State.ENDED;
    }
    return state == State.ENDED;
  }

  void startChunked() {
    start(State.CHUNK_LINE);
  }

  private void start(State first) {
    state = first;
    trailers = Headers.empty();
    heldByTrailers = 0;
  }

  boolean isEnded() {
    return state == State.ENDED;
  }

  /** The fields after the body, once it has ended. */
  Headers takeTrailers() {
    Headers taken = trailers;
    trailers = Headers.empty();
    return taken;
  }

  int heldByTrailers() {
    return heldByTrailers;
  }

  /** The piece that {@link #advance} found; handed out once. */
  Chunk takePiece() {
    Chunk taken = piece;
    piece = Chunk.empty();
    return taken;
  }

  /**
   * Goes on to the next piece or to the end.
   *
   * @return whether there is a piece; if not and the body has not ended, more input is needed
   */
  boolean advance() throws Rejection {
    while (state != State.ENDED) {
      boolean moved =
          switch (state) {
            case CHUNK_LINE -> chunkLine();
            case CHUNK_END -> chunkEnd();
            case TRAILERS -> trailer();
            default -> takeSome();
          };
      if (!moved || !piece.isEmpty()) {
        break;
      }
    }
    return !piece.isEmpty();
  }

  /**
   * Takes a piece. A piece that is most of the input shares its memory; a small one is copied, so
   * that keeping it does not keep its neighbours.
   */
  private boolean takeSome() {
    if (input.isEmpty()) {
      return false;
    }
    int count = (int) Math.min(left, input.available());
    byte[] array = input.array();
    int start = input.take(count);
    piece =
        count >= array.length / 2
            ? Chunk.of(array, start, count)
            : Chunk.of(Arrays.copyOfRange(array, start, start + count));
    if (state == State.UNBOUNDED) {
      return true;
    }
    left -= count;
    if (left == 0) {
      state = state == State.FIXED ? State.ENDED : State.CHUNK_END;
    }
    return true;
  }

  private boolean chunkLine() throws Rejection {
    if (!input.takeLine(mostChunkLine, LONG_LINE)) {
      return false;
    }
    left = parseSize(input.line, input.from, input.to);
    trailersLeft = mostTrailers;
    state = left == 0 ? State.TRAILERS : State.CHUNK;
    return true;
  }

  private static long parseSize(byte[] line, int from, int to) throws Rejection {
    long size = 0;
    int i = from;
    for (int digit; i < to && (digit = Ascii.hex(line[i])) >= 0; i++) {
      if (size > Long.MAX_VALUE >> 4) {
        throw HUGE;
      }
      size = size << 4 | digit;
    }
    int digits = i - from;
    while (i < to && (line[i] == Ascii.SP || line[i] == Ascii.TAB)) {
      i++;
    }
    // Blanks are only legal before an extension, which is skipped.
    boolean legal = digits > 0 && (i == to ? i - from == digits : line[i] == ';');
    if (!legal) {
      throw BAD_SIZE;
    }
    return size;
  }

  private boolean chunkEnd() throws Rejection {
    if (!input.takeLine(LINE_END, NO_END)) {
      return false;
    }
    state = State.CHUNK_LINE;
    return true;
  }

  private boolean trailer() throws Rejection {
    if (!input.takeLine(trailersLeft, LONG_TRAILERS)) {
      return false;
    }
    int length = input.to - input.from;
    if (length == 0) {
      heldByTrailers = fields.held();
      trailers = fields.take();
      state = State.ENDED;
      return true;
    }
    fields.add(input.line, input.from, input.to);
    trailersLeft -= length + LINE_END;
    if (trailersLeft < LINE_END) {
      throw LONG_TRAILERS;
    }
    return true;
  }
}
