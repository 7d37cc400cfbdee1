package io.libprocess.http.http1;

import io.libprocess.http.Limits;
import io.libprocess.http.Status;
import io.libprocess.http.grammar.Rejection;
import java.util.function.BooleanSupplier;

/** Makes responses of bytes as they arrive; any number of interim ones come before each. */
public final class ResponseParser extends MessageParser {

  private static final Rejection NO_RESPONSE = new Rejection(502, "This is no HTTP response");
  private static final Rejection LONG_LINE = new Rejection(502, "The status line is too long");
  private static final Rejection LONG_HEAD = new Rejection(502, "The response head is too long");
  private static final Rejection FOLDED = new Rejection(502, "A folded line that frames the body");
  private static final Rejection SWITCHED =
      new Rejection(502, "The server switched to a protocol that nobody asked for");

  private static final int SWITCHING_PROTOCOLS = 101;

  private final StatusLine statusLine = new StatusLine();
  private final MessageFraming framing = new MessageFraming();
  private final BooleanSupplier answersHead;

  private boolean lastFieldFrames; // The field added last has a meaning for the framing.
  private boolean untilClose;

  /**
   * Makes a parser.
   *
   * @param answersHead asked at each head that is not an interim one: whether it answers a HEAD
   *     request, and so has no body
   */
  public ResponseParser(Limits limits, BooleanSupplier answersHead) {
    super(limits, Math.max(limits.head(), limits.trailers()), LONG_HEAD); // Bytes are enough.
    this.answersHead = answersHead;
  }

  @Override
  boolean takeFirstLine() throws Rejection {
    if (!input.isInsideLine() && !input.isEmpty() && input.peek() != 'H') {
      throw NO_RESPONSE; // Found out before a whole line of it has arrived.
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
   * Says that no more bytes will come, when it is starved: whether that is the end of a body which
   * only this can end, and {@link #next} now gives it.
   */
  public boolean endInput() {
    return isInsideBody() && body.endInput();
  }

  /* ------ What was found ------ */

  /** The status of the head found last. */
  public Status status() {
    return statusLine.status;
  }

  /** Whether another response may follow that whose head was found last. */
  public boolean keepsAlive() {
    return !untilClose && framing.keepsAlive(statusLine.version);
  }

  /** Whether there are bytes that belong to no response yet. */
  public boolean hasMore() {
    input.trim();
    return !input.isEmpty() || isInsideHead();
  }
}
