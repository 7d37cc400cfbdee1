package io.libprocess.http.http1;

import io.libprocess.http.Limits;
import io.libprocess.http.Status;
import io.libprocess.http.grammar.Rejection;
import java.util.function.BooleanSupplier;

/** Parses responses from bytes as they arrive; any number of interim ones may come before each. */
public final class ResponseParser extends MessageParser {

  private static final Rejection NO_RESPONSE = new Rejection(502, "This is not an HTTP response");
  private static final Rejection LONG_LINE = new Rejection(502, "The status line is too long");
  private static final Rejection LONG_HEAD = new Rejection(502, "The response head is too long");
  private static final Rejection FOLDED = new Rejection(502, "A folded line that frames the body");
  private static final Rejection SWITCHED =
      new Rejection(502, "The server switched to a protocol that was not requested");

  private static final int SWITCHING_PROTOCOLS = 101;

  private final StatusLine statusLine = new StatusLine();
  private final MessageFraming framing = new MessageFraming();
  private final BooleanSupplier answersHead;

  private boolean lastFieldFrames; // The last field matters for the framing.
  private boolean untilClose;

  /**
   * Makes a parser.
   *
   * @param answersHead asked at each final head whether it answers a HEAD request, and so has no
   *     body
   */
  public ResponseParser(Limits limits, BooleanSupplier answersHead) {
    super(limits, Math.max(limits.head(), limits.trailers()), LONG_HEAD); // Bytes are limit enough.
    this.answersHead = answersHead;
  }

  @Override
  boolean takeFirstLine() throws Rejection {
    if (!input.isInsideLine() && !input.isEmpty() && input.peek() != 'H') {
      throw NO_RESPONSE; // Detected before a whole line has arrived.
    }
    if (!input.takeLine(limits.requestLine(), LONG_LINE)) {
      return false;
    }
    statusLine.parse(input.line, input.from, input.to);
    framing.reset();
    lastFieldFrames = false;
    return true;
  }

  @Override
  void addField() throws Rejection {
    if (FieldParser.isFolded(input.line, input.from, input.to)) {
      if (lastFieldFrames) {
        throw FOLDED;
      }
      fields.fold(input.line, input.from, input.to);
      return;
    }
    KnownField known = fields.add(input.line, input.from, input.to);
    lastFieldFrames = known != null && known.role != KnownField.Role.NONE;
    if (lastFieldFrames) {
      framing.add(known.role, input.line, fields.valueFrom, fields.valueTo);
    }
  }

  @Override
  boolean startBody() throws Rejection {
    framing.check(statusLine.version);
    int code = statusLine.status.code();
    if (code == SWITCHING_PROTOCOLS) {
      throw SWITCHED;
    }
    if (code < 200) {
      return false;
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
    return true;
  }

  /**
   * Notes that no more bytes will come, when all have been used up.
   *
   * @return whether that is the end of a body that only the end of the input can end; {@link #next}
   *     then returns it
   */
  public boolean endInput() {
    return isInsideBody() && body.endInput();
  }

  /* ------ Results ------ */

  /** The status of the last head. */
  public Status status() {
    return statusLine.status;
  }

  /** Whether another response may follow the one whose head was found last. */
  public boolean keepsAlive() {
    return !untilClose && framing.keepsAlive(statusLine.version);
  }

  /** Whether there are bytes that do not belong to a response yet. */
  public boolean hasMore() {
    input.trim();
    return !input.isEmpty() || isInsideHead();
  }
}
