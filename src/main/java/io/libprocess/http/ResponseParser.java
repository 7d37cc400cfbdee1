package io.libprocess.http;

import io.libprocess.stream.Chunk;
import java.util.function.BooleanSupplier;

/**
 * Makes responses of bytes as they arrive. Bytes are fed in pieces of any size, and {@link #next}
 * says what was found in them, one after another: for each response any number of interim ones, a
 * head, any number of pieces of its body, and the end. How the bytes are cut into pieces makes no
 * difference, other than to how a body is cut.
 *
 * <pre>
 *   START -> FIELDS -> BODY -> START ...
 *     ^ \-----/ \--------\---> REJECTED
 *     interim
 * </pre>
 *
 * <p>For one thread at a time.
 */
final class ResponseParser {

  private static final Rejection NO_RESPONSE = new Rejection(502, "This is no HTTP response");
  private static final Rejection LONG_LINE = new Rejection(502, "The status line is too long");
  private static final Rejection LONG_HEAD = new Rejection(502, "The response head is too long");
  private static final Rejection FOLDED = new Rejection(502, "A folded line that frames the body");
  private static final Rejection SWITCHED =
      new Rejection(502, "The server switched to a protocol that nobody asked for");

  private static final int LINE_END = 2;
  private static final int SWITCHING_PROTOCOLS = 101;

  /** What was found. */
  enum Event {
    /** Nothing more: feed the next bytes. */
    STARVED,
    /** The head of a response with a status below 200, which another response follows. */
    INTERIM,
    /** A head: see {@link #status} and {@link #headers}. */
    HEAD,
    /** A piece of the body: see {@link #piece}. */
    PIECE,
    /** The end of the body: see {@link #trailers}. */
    END,
    /** What is no response: see {@link #rejection}. There are no more events but this. */
    REJECTED
  }

  private enum State {
    START,
    FIELDS,
    BODY,
    REJECTED
  }

  private final Limits limits;
  private final BooleanSupplier answersHead;
  private final LineInput input = new LineInput();
  private final StatusLine statusLine = new StatusLine();
  private final FieldParser fields;
  private final MessageFraming framing = new MessageFraming();
  private final BodyParser body;

  private State state = State.START;
  private int headLeft;
  private boolean lastFieldFrames; // The field added last has a meaning for the framing.
  private boolean untilClose;
  private Headers headers = Headers.empty();
  private Rejection rejection;

  /**
   * A parser.
   *
   * @param answersHead asked at each head that is not an interim one: whether it answers a HEAD
   *     request, and so has no body
   */
  ResponseParser(Limits limits, BooleanSupplier answersHead) {
    this.limits = limits;
    this.answersHead = answersHead;
    this.fields = new FieldParser(limits.fields());
    this.body = new BodyParser(input, limits);
  }

  /** Gives bytes, which come after those fed before. The array is owned from now on. */
  void feed(byte[] bytes) {
    if (state != State.REJECTED) {
      input.feed(bytes);
    }
  }

  /** Finds what comes next. */
  Event next() {
    try {
      return advance();
    } catch (Rejection e) {
      rejection = e;
      state = State.REJECTED;
      input.clear();
      return Event.REJECTED;
    }
  }

  /**
   * Says that no more bytes will come, when it is starved: whether that is the end of a body which
   * only this can end, and {@link #next} now gives it.
   */
  boolean endInput() {
    return state == State.BODY && body.endInput();
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

  private Event starved() {
    input.trim();
    return Event.STARVED;
  }

  private boolean start() throws Rejection {
    if (!input.isInsideLine() && !input.isEmpty() && input.peek() != 'H') {
      throw NO_RESPONSE; // Found out before a whole line of it has arrived.
    }
    if (!input.takeLine(limits.requestLine(), LONG_LINE)) {
      return false;
    }
    headLeft = limits.head() - (input.to - input.from) - LINE_END;
    statusLine.parse(input.line, input.from, input.to);
    framing.reset();
    lastFieldFrames = false;
    state = State.FIELDS;
    return true;
  }

  private Event fields() throws Rejection {
    while (takeHeadLine()) {
      if (input.from == input.to) {
        return endHead();
      }
      if (FieldParser.isFolded(input.line, input.from, input.to)) {
        if (lastFieldFrames) {
          throw FOLDED;
        }
        fields.fold(input.line, input.from, input.to);
      } else {
        field();
      }
    }
    return starved();
  }

  private void field() throws Rejection {
    KnownField known = fields.add(input.line, input.from, input.to);
    lastFieldFrames = known != null && known.role != KnownField.Role.NONE;
    if (lastFieldFrames) {
      framing.add(known.role, input.line, fields.valueFrom, fields.valueTo);
    }
  }

  private boolean takeHeadLine() throws Rejection {
    if (headLeft < LINE_END) {
      throw LONG_HEAD;
    }
    if (!input.takeLine(headLeft, LONG_HEAD)) {
      return false;
    }
    headLeft -= input.to - input.from + LINE_END;
    return true;
  }

  private Event endHead() throws Rejection {
    framing.check(statusLine.version);
    headers = fields.take();
    int code = statusLine.status.code();
    if (code == SWITCHING_PROTOCOLS) {
      throw SWITCHED;
    }
    if (code < 200) {
      state = State.START;
      return Event.INTERIM;
    }
    untilClose = false;
    if (statusLine.status.isBodiless() || answersHead.getAsBoolean()) {
      body.startFixed(0);
    } else if (framing.isChunked()) {
      body.startChunked();
    } else if (framing.hasLength()) {
      body.startFixed(framing.length());
    } else {
      untilClose = true;
      body.startUnbounded();
    }
    state = State.BODY;
    return Event.HEAD;
  }

  /* ------ What was found ------ */

  /** The status of the head found last. */
  Status status() {
    return statusLine.status;
  }

  /** The header fields of the head found last. */
  Headers headers() {
    return headers;
  }

  /** Whether another response may follow that whose head was found last. */
  boolean keepsAlive() {
    return !untilClose && framing.keepsAlive(statusLine.version);
  }

  /** The piece of the body; handed out once. */
  Chunk piece() {
    return body.takePiece();
  }

  /** The fields behind the body. */
  Headers trailers() {
    return body.trailers();
  }

  /** Why nothing more is found. */
  Rejection rejection() {
    return rejection;
  }

  /** Whether bytes have arrived of a response whose head is not complete. */
  boolean isInsideHead() {
    return state == State.FIELDS || state == State.START && input.isInsideLine();
  }

  /** Whether a head was found whose body has not ended. */
  boolean isInsideBody() {
    return state == State.BODY;
  }

  /** Whether there are bytes that belong to no response yet. */
  boolean hasMore() {
    return !input.isEmpty() || isInsideHead();
  }
}
