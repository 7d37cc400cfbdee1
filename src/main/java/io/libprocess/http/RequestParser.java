package io.libprocess.http;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import java.util.Arrays;

/**
 * Makes requests of bytes as they arrive. Bytes are fed in pieces of any size, and {@link #next}
 * says what was found in them, one after another: for each request a head, any number of pieces of
 * its body, and the end. How the bytes are cut into pieces makes no difference, other than to how a
 * body is cut.
 *
 * <pre>
 *   START -> FIELDS -> BODY -> START ...
 *      \--------\--------\---> REJECTED
 * </pre>
 *
 * <p>For one thread at a time.
 */
final class RequestParser {

  private static final Rejection NO_REQUEST = new Rejection(400, "This is no HTTP request");
  private static final Rejection LONG_LINE = new Rejection(414, "The request line is too long");
  private static final Rejection LONG_HEAD = new Rejection(431, "The request head is too long");

  private static final int LINE_END = 2;

  /** What was found. */
  enum Event {
    /** Nothing more: feed the next bytes. */
    STARVED,
    /** A head: see {@link #request}. */
    HEAD,
    /** A piece of the body: see {@link #piece}. */
    PIECE,
    /** The end of the body: see {@link #trailers}. */
    END,
    /** What is no request: see {@link #rejection}. There are no more events but this. */
    REJECTED
  }

  private enum State {
    START,
    FIELDS,
    BODY,
    REJECTED
  }

  private final Limits limits;
  private final LineInput input = new LineInput();
  private final RequestLine requestLine = new RequestLine();
  private final FieldParser fields;
  private final RequestFraming framing = new RequestFraming();
  private final BodyParser body;

  private State state = State.START;
  private boolean emptyLineSeen;
  private int headLeft;
  private Headers headers;
  private Rejection rejection;

  // Where the head found last is, as long as it is in one piece; otherwise headArray is null.
  private byte[] headArray;
  private int headFrom;
  private int headTo;

  RequestParser(Limits limits) {
    this.limits = limits;
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
    headArray = null;
    input.trim();
    return Event.STARVED;
  }

  private boolean start() throws Rejection {
    do {
      headArray = input.isInsideLine() ? null : input.array();
      headFrom = input.take(0);
      if (!input.isInsideLine() && !input.isEmpty()) {
        checkFirst(input.peek());
      }
      if (!input.takeLine(limits.requestLine(), LONG_LINE)) {
        return false;
      }
    } while (isFirstEmptyLine());
    headLeft = limits.head() - (input.to - input.from) - LINE_END;
    requestLine.parse(input.line, input.from, input.to);
    framing.reset();
    emptyLineSeen = false;
    state = State.FIELDS;
    return true;
  }

  /** Another protocol is found out before a whole line of it has arrived. */
  private static void checkFirst(byte first) throws Rejection {
    if (!Ascii.isToken(first) && first != Ascii.CR) {
      throw NO_REQUEST;
    }
  }

  /** Some clients send one line end too many after a body. */
  private boolean isFirstEmptyLine() {
    if (input.from < input.to || emptyLineSeen) {
      return false;
    }
    emptyLineSeen = true;
    return true;
  }

  private Event fields() throws Rejection {
    while (takeHeadLine()) {
      if (input.from == input.to) {
        return endHead();
      }
      KnownField known = fields.add(input.line, input.from, input.to);
      if (known != null && known.role != KnownField.Role.NONE) {
        framing.add(known.role, input.line, fields.valueFrom, fields.valueTo);
      }
    }
    return starved();
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
    headTo = input.take(0);
    framing.check(requestLine.version);
    headers = fields.take();
    if (requestLine.authority != null) {
      headers = headers.with("Host", requestLine.authority);
    }
    if (framing.isChunked()) {
      body.startChunked();
    } else {
      body.startFixed(framing.length());
    }
    state = State.BODY;
    return Event.HEAD;
  }

  /* ------ Heads that recur ------ */

  /** The head of the request found last, if it arrived in one piece with its body; else null. */
  RecurringHead recurringHead(Recurrence recurrence) {
    return headArray == null
        ? null
        : new RecurringHead(
            Arrays.copyOfRange(headArray, headFrom, headTo),
            framing.isChunked(),
            framing.length(),
            recurrence);
  }

  /**
   * Finds a request with a head seen before: takes it and returns the response, or returns null and
   * takes nothing.
   */
  Response answer(RecurringHead head) {
    if (state != State.START || input.isInsideLine() || input.isEmpty()) {
      return null;
    }
    int from = input.take(0);
    RecurringHead.Found found = head.find(input.array(), from, from + input.available());
    Response response = found == null ? null : head.answer(found.body());
    if (response != null) {
      input.take(found.size());
      emptyLineSeen = false;
    }
    return response;
  }

  /* ------ What was found ------ */

  /**
   * The request whose head was found last, with the body that its reader will see.
   *
   * @param received when its first bytes came, in milliseconds of the clock
   */
  Request request(Body body, Future<Headers> trailers, Address client, long received) {
    return new Request(
        requestLine.method,
        requestLine.target,
        requestLine.pathEnd,
        requestLine.version,
        framing.keepsAlive(requestLine.version),
        headers,
        body,
        trailers,
        client,
        received);
  }

  /** Whether the client waits for {@code 100 Continue} before it sends the body. */
  boolean expectsContinue() {
    return framing.expectsContinue(requestLine.version);
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

  /** Whether a request has begun whose head is not complete. */
  boolean isInsideHead() {
    return state == State.FIELDS || state == State.START && input.isInsideLine();
  }

  /** Whether a head was found whose body has not ended. */
  boolean isInsideBody() {
    return state == State.BODY;
  }
}
