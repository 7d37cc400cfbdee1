package io.libprocess.http.http1;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Version;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.RequestAccess;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.Rejection;
import io.libprocess.net.Address;
import java.util.Arrays;

/** Parses requests from bytes as they arrive. */
public final class RequestParser extends MessageParser {

  private static final Rejection NO_REQUEST = new Rejection(400, "This is not an HTTP request");
  private static final Rejection LONG_LINE = new Rejection(414, "The request line is too long");
  private static final Rejection LONG_HEAD = new Rejection(431, "The request head is too long");

  private static final RequestAccess<Request, Version, Headers, Body, Address, Principal> REQUESTS =
      Access.to(Request.class);

  private final RequestLine requestLine = new RequestLine();
  private final RequestFraming framing = new RequestFraming();

  private boolean emptyLineSeen;

  // The place of the last head, while it is in one piece; otherwise headArray is null.
  private byte[] headArray;
  private int headFrom;
  private int headTo;

  public RequestParser(Limits limits) {
    super(limits, limits.fields(), LONG_HEAD);
  }

  @Override
  boolean takeFirstLine() throws Rejection {
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
    requestLine.parse(input.line, input.from, input.to);
    framing.reset();
    emptyLineSeen = false;
    return true;
  }

  /** Detects another protocol before a whole line of it has arrived. */
  private static void checkFirst(byte first) throws Rejection {
    if (!Ascii.isToken(first) && first != Ascii.CR) {
      throw NO_REQUEST;
    }
  }

  /**
   * Whether this is an empty line to be skipped: some clients send an extra line end after a body.
   */
  private boolean isFirstEmptyLine() {
    if (input.from < input.to || emptyLineSeen) {
      return false;
    }
    emptyLineSeen = true;
    return true;
  }

  @Override
  void addField() throws Rejection {
    KnownField known = fields.add(input.line, input.from, input.to);
    if (known != null && known.role != KnownField.Role.NONE) {
      framing.add(known.role, input.line, fields.valueFrom, fields.valueTo);
    }
  }

  @Override
  boolean startBody() throws Rejection {
    headTo = input.take(0);
    framing.check(requestLine.version);
    if (requestLine.unlessMessage != null && !framing.isOfProcess()) {
      throw requestLine.unlessMessage;
    }
    if (framing.isChunked()) {
      body.startChunked();
    } else {
      body.startFixed(framing.length());
    }
    return true;
  }

  @Override
  Event starved() {
    headArray = null;
    return super.starved();
  }

  /* ------ Heads that recur ------ */

  /**
   * The head of the last request, if it arrived in one piece with its body, is not long, and may be
   * followed by others; otherwise null.
   */
  public RecurringHead recurringHead(Recurrence recurrence) {
    boolean recurs =
        headArray != null
            && headTo - headFrom <= RecurringHead.LONGEST
            && requestLine.version == Version.HTTP_1_1
            && framing.keepsAlive(requestLine.version);
    return recurs
        ? new RecurringHead(
            Arrays.copyOfRange(headArray, headFrom, headTo),
            framing.isChunked(),
            framing.length(),
            recurrence)
        : null;
  }

  /**
   * Recognizes a request with a known head: takes it and returns the response, or returns null and
   * takes nothing.
   */
  public Response answer(RecurringHead head) {
    if (isInsideHead() || isInsideBody() || input.isEmpty()) {
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

  /* ------ Results ------ */

  /**
   * The request of the last head, with the body that its reader will see. Made once, because
   * nothing is kept of it: a connection may be idle for long.
   *
   * @param received the time when its first bytes arrived, in milliseconds of the clock
   */
  public Request request(Body body, Future<Headers> trailers, Address client, long received) {
    Headers headers = takeHeaders();
    String target = requestLine.target;
    String authority = requestLine.authority;
    requestLine.forget();
    return REQUESTS.request(
        requestLine.method,
        target,
        requestLine.pathEnd,
        requestLine.version,
        framing.keepsAlive(requestLine.version),
        authority == null ? headers : headers.with("Host", authority),
        body,
        trailers,
        client,
        received);
  }

  /** Whether the client waits for {@code 100 Continue} before it sends the body. */
  public boolean expectsContinue() {
    return framing.expectsContinue(requestLine.version);
  }
}
