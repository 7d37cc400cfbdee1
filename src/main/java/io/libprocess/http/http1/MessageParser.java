package io.libprocess.http.http1;

import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.grammar.Rejection;
import io.libprocess.stream.Chunk;

/**
 * Parses messages from bytes as they arrive. Bytes are fed in pieces of any size, and {@link #next}
 * returns the events found in them, one after another: for each message a head, any number of
 * pieces of its body, and the end. The boundaries of the pieces make no difference except to how a
 * body is divided.
 *
 * <pre>
 *   START -> FIELDS -> BODY -> START ...
 *     ^ \-----/ \--------\---> REJECTED
 *     interim
 * </pre>
 *
 * <p>The methods that differ between requests and responses are called once per message or line,
 * never per byte. For one thread at a time.
 */
public abstract sealed class MessageParser permits RequestParser, ResponseParser {

  /** The trailers of messages without any. */
  public static final Future<Headers> NO_TRAILERS = Future.of(Headers.empty());

  private static final int LINE_END = 2;

  /** The events that the parser finds. */
  public enum Event {
    /** No more events: feed the next bytes. */
    STARVED,
    /** The head of an interim response, which is followed by another head. */
    INTERIM,
    /** A head. */
    HEAD,
    /** A piece of the body: see {@link #piece}. */
    PIECE,
    /** The end of the body: see {@link #trailers}. */
    END,
    /** An invalid message: see {@link #rejection}. No other events follow. */
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
  private int heldByHead;
  private Headers headers = Headers.empty();
  private Rejection rejection;

  /**
   * Makes a parser.
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

  /* ------ Parts that differ ------ */

  /** Takes and parses the first line of a message; false if its end has not arrived. */
  abstract boolean takeFirstLine() throws Rejection;

  /** Adds the field of the last line. */
  abstract void addField() throws Rejection;

  /** Starts the body after a head; false if that was an interim one, which has no body. */
  abstract boolean startBody() throws Rejection;

  /** Returns the event for the case that all bytes have been taken. */
  Event starved() {
    input.trim();
    return Event.STARVED;
  }

  /* ------ Parsing ------ */

  /** Feeds bytes when all earlier ones have been used up. The array is owned from now on. */
  public final void feed(byte[] bytes) {
    if (state != State.REJECTED) {
      input.feed(bytes);
    }
  }

  /** Drops what has arrived: no more events follow. */
  public final void close() {
    state = State.REJECTED;
    input.clear();
    fields.take();
    headers = Headers.empty();
  }

  /** Finds the next event. */
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
    heldByHead = input.to - input.from;
    headLeft = limits.head() - heldByHead - LINE_END;
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
    heldByHead += fields.held();
    headers = fields.take();
    if (!startBody()) {
      state = State.START;
      return Event.INTERIM;
    }
    state = State.BODY;
    return Event.HEAD;
  }

  /* ------ Results ------ */

  /** The header fields of the last head; handed out once. */
  public final Headers takeHeaders() {
    Headers taken = headers;
    headers = Headers.empty();
    return taken;
  }

  /** The approximate number of bytes of memory that the last head takes. */
  public final int heldByHead() {
    return heldByHead;
  }

  /** The piece of the body; handed out once. */
  public final Chunk piece() {
    return body.takePiece();
  }

  /** The fields after the body; handed out once. */
  public final Headers takeTrailers() {
    return body.takeTrailers();
  }

  /** The approximate number of bytes of memory that the fields after the last body take. */
  public final int heldByTrailers() {
    return body.heldByTrailers();
  }

  /** The reason why parsing has ended. */
  public final Rejection rejection() {
    return rejection;
  }

  /** The approximate bytes of memory held for input that has not been delivered. */
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
