package io.libprocess.http.server;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Recurrence;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.Version;
import io.libprocess.http.coding.ContentCoding;
import io.libprocess.http.http1.ChannelTask;
import io.libprocess.http.http1.OutgoingStream;
import io.libprocess.http.http1.RecurringHead;
import io.libprocess.http.http1.RequestParser;
import io.libprocess.internal.Saturating;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One connection of the server: makes requests of what arrives, gives them to the handler, and has
 * the responses written.
 *
 * <p><b>Threads.</b> Mostly the work is done by the event loop's thread, or by that of the process
 * which made a response.
 *
 * <p><b>Bodies.</b> A body that has arrived as a whole with its head is given to the handler as
 * bytes, any other as a stream.
 *
 * <p><b>Holding back.</b> While the reader of a body is behind, too many requests or too large ones
 * are unanswered, or the client does not take the responses, nothing is parsed and the channel is
 * paused.
 */
final class ServerConnection extends ChannelTask {

  /** How many different heads are recognized. */
  private static final int MOST_RECURRING = 8;

  private static final String CUT_OFF = "failed to decode body";

  /** What the connection waits for, and so which limit its time has. */
  private enum Phase {
    /** The first byte of a request; earlier ones may be unanswered. */
    IDLE,
    /** The rest of a head. */
    HEAD,
    /** The rest of a body. */
    BODY,
    /** Nothing of the client's: a reader or the handler has to move, or no more is taken. */
    BLOCKED
  }

  /** Who is at the other end. */
  private enum Client {
    /** Nothing has been said: it may be a C++ node that has linked. */
    UNKNOWN,
    /** It has sent plain requests only. */
    PLAIN,
    /** It has sent a message. */
    NODE
  }

  private final HttpServer server;
  private final RequestParser parser;
  private final ResponseWriter responses;

  // Notes for work().
  private volatile long arrivedAt; // When the last bytes came, in milliseconds of the clock.
  private volatile boolean disconnected;
  private volatile boolean draining;
  private volatile boolean overdue;

  // Written by work(), and read by the clock's thread.
  private volatile Phase phase = Phase.IDLE;
  private volatile Client client = Client.UNKNOWN;
  private volatile long since; // When the phase began or last made progress, in server time.

  // Of work().
  private final List<Chunk> pieces = new ArrayList<>(0); // Of a body not given to the handler yet.
  private long began; // When the bytes came with which the request begins.
  private boolean headFound; // The handler has not been called with it.
  private Exchange incoming; // Whose body arrives as a stream, or null.
  private long bodyBytes; // Of all bodies on this connection.
  private long wholeBytes; // Of those of them that have arrived as a whole.
  private long heads; // How many were found.
  private long timedHead; // Which of them the phase HEAD is about.
  private RecurringHead[] recurring = {}; // Those seen last.
  private int oldest; // Of them, the next to go.
  private boolean stopped; // No more requests are taken.

  // Of the clock's thread.
  private long lastQueued;
  private long queuedSince;

  ServerConnection(HttpServer server, Transport.Channel channel) {
    super(channel);
    this.server = server;
    this.parser = new RequestParser(server.limits());
    this.responses = new ResponseWriter(channel, server.encoder(), this);
    this.since = server.time();
  }

  @Override
  public void received(ByteBuffer bytes) {
    arrivedAt = server.now();
    super.received(bytes);
  }

  @Override
  public void closed(Optional<IOException> failure) {
    server.closed(this);
    disconnected = true;
    ask();
  }

  /** Ends the connection now. */
  void abort() {
    channel.close();
  }

  /** Ends the connection after the requests that have begun. */
  void drain() {
    draining = true;
    ask();
  }

  /** As {@link HttpServer#nextFailureId}; on any thread. */
  String nextFailureId() {
    return server.nextFailureId();
  }

  /** Runs what may block; on any thread. */
  void runBlocking(Runnable task) {
    server.blocking().execute(task);
  }

  /* ------ Work ------ */

  @Override
  protected void advance() {
    if (disconnected) {
      disconnect();
      return;
    }
    boolean answering = !responses.isEmpty();
    long before = heads;
    boolean starved;
    do {
      starved = takeArrived() && !stopped;
      if (starved && isLastFed()) {
        cutOff();
      }
      if (starved && draining && waitsFor() == Phase.IDLE) {
        stop();
      }
      if (overdue) {
        enter(starved);
        timeOut();
      }
      responses.advance(stopped);
    } while (!starved && !isBlocked());
    enter(starved);
    input.pause(!starved && !stopped); // Somebody has to notice that the peer left.
    if ((answering || heads != before) && responses.isEmpty() && phase == Phase.IDLE) {
      touch();
    }
    if (responses.isEnded()) {
      disconnect();
    } else if (stopped && responses.isEmpty()) {
      responses.end();
    }
  }

  @Override
  protected void broken(Throwable thrown) {
    disconnected = true;
    channel.close();
  }

  /** After the last request what arrives is dropped. */
  @Override
  protected void feed(byte[] bytes) {
    if (!stopped) {
      if (!parser.isInsideHead() && !parser.isInsideBody()) {
        began = arrivedAt;
      }
      parser.feed(bytes);
      if (phase == Phase.BODY) {
        touch();
      }
    }
  }

  private void touch() {
    long now = server.time();
    if (since != now) {
      since = now;
    }
  }

  /** Nothing more can be received or sent. */
  private void disconnect() {
    stopped = true;
    if (client == Client.NODE) {
      client = Client.PLAIN; // It is told once.
      server.nodes().closed(clientAddress());
    }
    if (!responses.isEmpty() || incoming != null) {
      StatusException failure = new StatusException(Status.BAD_REQUEST, CUT_OFF);
      failBody(failure);
      responses.drop(failure);
    }
  }

  @Override
  protected boolean parse() {
    while (!isBlocked()) {
      if (answerRecurring()) {
        continue;
      }
      switch (parser.next()) {
        case HEAD -> head();
        case PIECE -> piece(parser.piece());
        case END -> end(parser.trailers());
        case REJECTED -> refuse(parser.rejection().status(), parser.rejection().reason());
        case STARVED -> {
          if (headFound) {
            stream();
          }
          return true;
        }
      }
    }
    return stopped;
  }

  private boolean isBlocked() {
    return stopped
        || incoming != null && incoming.body.isFull()
        || !parser.isInsideBody() && isMuchUnanswered()
        || channel.queued() > OutgoingStream.HIGH_WATER;
  }

  private boolean isMuchUnanswered() {
    Limits limits = server.limits();
    return responses.size() >= limits.pipelined()
        || !responses.isEmpty() && wholeBytes - responses.first().bytesBefore > limits.body();
  }

  /* ------ Requests ------ */

  /** Answers a request whose head was seen before, if that is what comes next. */
  private boolean answerRecurring() {
    if (recurring.length == 0 || !responses.isEmpty() || headFound) {
      return false;
    }
    for (RecurringHead head : recurring) {
      Response response = parser.answer(head);
      if (response != null) {
        heads++;
        began = arrivedAt;
        responses.addAnswered(response);
        return true;
      }
    }
    return false;
  }

  /** Notes the head of a request that was found as a whole, if the handler wants that. */
  private void noteHead(Request request) {
    if (!request.keepAlive() || request.version() != Version.HTTP_1_1) {
      return;
    }
    Recurrence recurrence = server.handler().recurrence(request);
    RecurringHead head = recurrence == null ? null : parser.recurringHead(recurrence);
    if (head == null) {
      return;
    }
    if (recurring.length < MOST_RECURRING) {
      recurring = Arrays.copyOf(recurring, recurring.length + 1);
      recurring[recurring.length - 1] = head;
    } else {
      recurring[oldest] = head;
      oldest = (oldest + 1) % MOST_RECURRING;
    }
  }

  private void head() {
    heads++;
    headFound = true;
  }

  private void piece(Chunk piece) {
    bodyBytes += piece.size();
    if (headFound) {
      pieces.add(piece);
      return;
    }
    IncomingBody body = incoming.body;
    body.add(piece);
    if (body.isUnwanted()) {
      stop();
    }
  }

  private void end(Headers trailers) {
    if (!headFound) {
      began = arrivedAt; // Of the next, if it has begun.
      incoming.body.end(trailers);
      stopped |= incoming.close;
      incoming = null;
      wholeBytes = bodyBytes;
      return;
    }
    headFound = false;
    Body body = Body.of(Chunk.join(pieces));
    pieces.clear();
    Future<Headers> known = trailers.isEmpty() ? Request.NO_TRAILERS : Future.of(trailers);
    Request parsed = parser.request(body, known, clientAddress(), began);
    Exchange exchange = new Exchange(this, ContentCoding.decoded(parsed));
    stopped |= exchange.close;
    began = arrivedAt;
    if (trailers.isEmpty() && exchange.request == parsed) {
      noteHead(parsed);
    }
    start(exchange);
    wholeBytes = bodyBytes;
  }

  /** Gives the handler a request whose body is still arriving. */
  private void stream() {
    headFound = false;
    IncomingBody body = new IncomingBody(this);
    boolean awaitsContinue = parser.expectsContinue() && pieces.isEmpty();
    Body streamed =
        awaitsContinue
            ? new Body.Streamed(body.reader(), body::want)
            : new Body.Streamed(body.reader());
    Exchange exchange = new Exchange(this, request(streamed, body.trailers()));
    exchange.body = body;
    exchange.awaitsContinue = awaitsContinue;
    incoming = exchange;
    if (!pieces.isEmpty()) {
      body.add(Chunk.join(pieces)); // One piece of any size is taken at once.
      pieces.clear();
    }
    start(exchange);
  }

  private Request request(Body body, Future<Headers> trailers) {
    return ContentCoding.decoded(parser.request(body, trailers, clientAddress(), began));
  }

  private Address clientAddress() {
    return channel.remote().inet().orElse(null);
  }

  private void start(Exchange exchange) {
    if (client != Client.NODE && server.nodes() != null) {
      client = server.nodes().isFromNode(exchange.request) ? Client.NODE : Client.PLAIN;
    }
    exchange.bytesBefore = wholeBytes;
    responses.add(exchange);
    exchange.start(server.handler());
  }

  /* ------ The end of the input ------ */

  /** Takes no more requests; the one that is arriving is the last to be answered. */
  private void stop() {
    stopped = true;
    if (incoming != null) {
      incoming.close = true;
    }
  }

  /** Answers what is no request, or is not there in time. */
  private void refuse(Status status, String reason) {
    StatusException failure = new StatusException(status, reason);
    stop();
    if (incoming == null) {
      responses.add(Exchange.refusal(this, failure));
    }
    failBody(failure); // Who reads it answers with that, or in a way of its own.
  }

  /** Nothing more will arrive: what has not arrived as a whole never will. */
  private void cutOff() {
    stop();
    failBody(new StatusException(Status.BAD_REQUEST, CUT_OFF));
  }

  private void failBody(StatusException failure) {
    headFound = false;
    pieces.clear();
    if (incoming != null) {
      incoming.body.fail(failure);
      incoming = null;
    }
  }

  /* ------ Time ------ */

  /** What the connection waits for if its input is used up. */
  private Phase waitsFor() {
    if (parser.isInsideBody()) {
      boolean askedFor = incoming == null || !incoming.awaitsContinue;
      return askedFor ? Phase.BODY : Phase.BLOCKED;
    }
    return parser.isInsideHead() ? Phase.HEAD : Phase.IDLE;
  }

  private void enter(boolean starved) {
    Phase now = starved ? waitsFor() : Phase.BLOCKED;
    if (now != phase || now == Phase.HEAD && timedHead != heads) {
      touch();
      timedHead = heads;
      phase = now;
    }
  }

  /** Looks at the time; on the clock's thread. */
  void checkTime() {
    long queued = channel.queued();
    if (queued == 0 || queued != lastQueued) {
      lastQueued = queued;
      queuedSince = server.time();
    } else if (exceeds(server.limits().bodyTime(), queuedSince)) {
      channel.close(); // The client takes nothing.
      return;
    }
    if (isOverdue()) {
      overdue = true;
      ask();
    }
  }

  private boolean isOverdue() {
    Limits limits = server.limits();
    return switch (phase) {
      case IDLE -> !mayBeLink() && exceeds(limits.idleTime(), since);
      case HEAD -> exceeds(limits.headTime(), since);
      case BODY -> exceeds(limits.bodyTime(), since);
      case BLOCKED -> false;
    };
  }

  private boolean mayBeLink() {
    return server.nodes() != null && client != Client.PLAIN;
  }

  /** What is noted with a time may have happened up to a period later. */
  private boolean exceeds(Duration limit, long start) {
    return server.time() - server.period() - start >= Saturating.millis(limit);
  }

  private void timeOut() {
    overdue = false;
    if (stopped || !isOverdue()) {
      return; // Something has arrived since the clock's thread looked.
    }
    if (phase != Phase.IDLE) {
      refuse(Status.REQUEST_TIMEOUT, "The request did not arrive in time");
    } else if (responses.isEmpty()) {
      stop();
    }
  }
}
