package io.libprocess.http.http1;

import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.grammar.Rejection;
import io.libprocess.stream.Chunk;

/**
 * Makes messages of bytes as they arrive. Bytes are fed in pieces of any size, and {@link #next}
 * says what was found in them, one after another: for each message a head, any number of pieces of
 * its body, and the end. How the bytes are cut into pieces makes no difference, other than to how a
 * body is cut.
 *
 * <pre>
 *   START -> FIELDS -> BODY -> START ...
 *     ^ \-----/ \--------\---> REJECTED
 *     interim
 * </pre>
 *
 * <p>What differs between requests and responses is asked for once in a message or line, never for
 * a byte. For one thread at a time.
 */
public abstract sealed class MessageParser permits RequestParser, ResponseParser {

  /** Of messages without any. */
  public static final Future<Headers> NO_TRAILERS = Future.of(Headers.empty());

  private static final int LINE_END = 2;

  /** What was found. */
  public enum Event {
    /** Nothing more: feed the next bytes. */
    STARVED,
    /** The head of an interim response, which another head follows. */
    INTERIM,
    /** A head. */
    HEAD,
    /** A piece of the body: see {@link #piece}. */
    PIECE,
    /** The end of the body: see {@link #trailers}. */
    END,
    /** What is no message: see {@link #rejection}. There are no more events but this. */
    REJECTED
  }

  private enum State {
    START,
    FIELDS,
    BODY,
    REJECTED
  }

  final Limits limits;
  final LineInput input = new LineInput();
  final FieldParser fields;
  final BodyParser body;

  private final Rejection longHead;

  private State state = State.START;
  private int headLeft;
  private Headers headers = Headers.empty();
  private Rejection rejection;

  /**
   * A parser.
   *
   * @param mostFields how many fields a head, or the trailers, may have
   * @param longHead the rejection of a head that is too long
   */
  MessageParser(Limits limits, int mostFields, Rejection longHead) {
    this.limits = limits;
    this.longHead = longHead;
    this.fields = new FieldParser(mostFields);
    this.body = new BodyParser(input, fields, limits);
  }

  /* ------ What differs ------ */

  /** Takes and parses the first line of a message; false if its end has not arrived. */
  abstract boolean takeFirstLine() throws Rejection;

  /** Adds the field of the line taken last. */
  abstract void addField() throws Rejection;

  /** Starts the body behind a head; false if that was an interim one, which has none. */
  abstract boolean startBody() throws Rejection;

  /** Says that all bytes were taken. */
  Event starved() {
    input.trim();
    return Event.STARVED;
  }

  /* ------ Finding ------ */

  /** Gives bytes when it is starved of those before. The array is owned from now on. */
  public final void feed(byte[] bytes) {
    if (state != State.REJECTED) {
      input.feed(bytes);
    }
  }

  /** Finds what comes next. */
  public final Event next() {
    try {
      return advance();
    } catch (Rejection e) {
      rejection = e;
      state = State.REJECTED;
      input.clear();
      return Event.REJECTED;
    }
  }

  private Event advance() throws Rejection {
    switch (state) {
      case START -> {
        return start() ? fields() : starved();
      }
      case FIELDS -> {
        return fields();
      }
      case BODY -> {
        if (body.advance()) {
          return Event.PIECE;
        }
        if (!body.isEnded()) {
          return starved();
        }
        state = State.START;
        return Event.END;
      }
      default -> {
        return Event.REJECTED;
      }
    }
  }

  private boolean start() throws Rejection {
    if (!takeFirstLine()) {
      return false;
    }
    headLeft = limits.head() - (input.to - input.from) - LINE_END;
    state = State.FIELDS;
    return true;
  }

  private Event fields() throws Rejection {
    while (takeHeadLine()) {
      if (input.from == input.to) {
        return endHead();
      }
      addField();
    }
    return starved();
  }

  private boolean takeHeadLine() throws Rejection {
    if (headLeft < LINE_END) {
      throw longHead;
    }
    if (!input.takeLine(headLeft, longHead)) {
      return false;
    }
    headLeft -= input.to - input.from + LINE_END;
    return true;
  }

  private Event endHead() throws Rejection {
    headers = fields.take();
    if (!startBody()) {
      state = State.START;
      return Event.INTERIM;
    }
    state = State.BODY;
    return Event.HEAD;
  }

  /* ------ What was found ------ */

  /** The header fields of the head found last. */
  public final Headers headers() {
    return headers;
  }

  /** The piece of the body; handed out once. */
  public final Chunk piece() {
    return body.takePiece();
  }

  /** The fields behind the body. */
  public final Headers trailers() {
    return body.trailers();
  }

  /** Why nothing more is found. */
  public final Rejection rejection() {
    return rejection;
  }

  /** How many bytes of memory are held of what was fed and is not given out, about. */
  public final int held() {
    return input.held() + fields.held();
  }

  /** Whether bytes have arrived of a message whose head is not complete. */
  public final boolean isInsideHead() {
    return state == State.FIELDS || state == State.START && input.isInsideLine();
  }

  /** Whether a head was found whose body has not ended. */
  public final boolean isInsideBody() {
    return state == State.BODY;
  }
}
