package io.libprocess.http.server;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.BodyAccess;
import io.libprocess.http.channel.ChannelTask;
import io.libprocess.http.channel.IncomingBody;
import io.libprocess.http.coding.ContentCoding;
import io.libprocess.http.exchange.ArrivingBody;
import io.libprocess.http.exchange.ClientGone;
import io.libprocess.http.exchange.Exchange;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.http.exchange.ServedConnection;
import io.libprocess.http.exchange.ServerDeadlines;
import io.libprocess.http.exchange.ServerDeadlines.Phase;
import io.libprocess.http.http1.Recurrence;
import io.libprocess.http.http1.RecurringHead;
import io.libprocess.http.http1.RecurringHeads;
import io.libprocess.http.http1.RequestParser;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One connection of the server that speaks HTTP/1.1: parses requests, starts an exchange for each,
 * and has the responses written.
 *
 * <p><b>Threads.</b> The event loop's thread works, or that of a process that made a response.
 *
 * <p><b>Bodies.</b> A body that has arrived completely together with its head is passed to the
 * handler as bytes, any other as a stream.
 *
 * <p><b>Holding back.</b> Nothing is parsed, and the channel is paused, while the reader of a body
 * is behind, too many or too large requests are unanswered, the client does not take the responses,
 * or answers wait and the server's memory is used up.
 *
 * <p><b>The life of a connection.</b>
 *
 * <pre>
 *   OPEN -> LAST -> GONE
 *     \_____________/^
 * </pre>
 */
final class Http1Connection extends ChannelTask implements ServedConnection {

  private static final BodyAccess<Body.Streamed> BODIES = Access.to(Body.Streamed.class);
  private static final Runnable NOTHING = () -> {};
  private static final StatusException CUT_OFF =
      new StatusException(Status.BAD_REQUEST, "failed to decode body");

  /** The kinds of clients: another node or a plain client. */
  private enum Client {
    /** The client has sent nothing: it may be a C++ node that has linked. */
    UNKNOWN,
    /** The client has sent only plain requests. */
    PLAIN,
    /** The client has sent a message. */
    NODE
  }

  private enum State {
    /** Requests are accepted. */
    OPEN,
    /** No more requests are accepted; those that have begun are answered. */
    LAST,
    /** Nothing is received or sent. */
    GONE
  }

  private final HttpServer server;
  private final RequestParser parser;
  private final ResponseWriter responses;
  private final ServerDeadlines deadlines;
  private final RecurringHeads recurring = new RecurringHeads();
  private final ArrivingBody arriving = new ArrivingBody();

  // Notes for work().
  private volatile long arrivedAt; // When the last bytes arrived, in milliseconds.
  private volatile boolean disconnected;
  private volatile IOException why; // Why it was disconnected; null if not known.
  private volatile boolean draining;
  private volatile boolean overdue;
  private volatile boolean expendable; // Plain and idle. Written by work().
  private volatile boolean signDue; // Whether a node that waits for answers needs a sign of life.

  // Used only by work().
  private State state = State.OPEN;
  private Client client = Client.UNKNOWN;
  private Http1Exchange incoming; // Its body arrives as a stream; or null.
  private boolean headFound; // The handler has not been called with it.
  private long began; // When the first bytes of the request arrived.
  private long heads; // How many heads were found.
  private long timedHead; // The head that the phase HEAD is about.

  Http1Connection(HttpServer server, Transport.Channel channel) {
    super(channel);
    this.server = server;
    this.parser = new RequestParser(server.limits());
    this.responses = new ResponseWriter(channel, server, this);
    this.deadlines = new ServerDeadlines(server);
  }

  @Override
  public void received(ByteBuffer bytes) {
    arrivedAt = server.now();
    super.received(bytes);
  }

  @Override
  public void closed(Optional<IOException> failure) {
    why = failure.orElse(null);
    disconnected = true;
    ask();
  }

  @Override
  public Look look() {
    return new Look(client.name(), channel.remote(), responses, arrivedAt);
  }

  @Override
  public void abort() {
    channel.close();
  }

  @Override
  public void drain() {
    draining = true;
    ask();
  }

  @Override
  public void checkTime() {
    if (deadlines.takesNothing(channel.queued())) {
      channel.close();
      return;
    }
    signDue = deadlines.isSignDue();
    overdue = deadlines.isOverdue();
    if (overdue || signDue) {
      ask();
    }
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
      starved = takeArrived() && state == State.OPEN;
      if (starved && hasNoMemoryForHead()) {
        refuse(Exchange.NO_MEMORY);
      }
      if (starved && isLastFed()) {
        stop(); // What is incomplete will never be complete.
        failBody(CUT_OFF);
      }
      if (starved && draining && waitsFor() == Phase.IDLE) {
        stop();
      }
      if (overdue) {
        enter(starved);
        timeOut();
      }
      if (signDue) {
        signDue = false;
        responses.putProcessing();
      }
      responses.advance(state != State.OPEN);
    } while (!starved && !isBlocked());
    enter(starved && state == State.OPEN);
    deadlines.owes(client == Client.NODE && !responses.isEmpty());
    noteExpendable();
    countHeld(
        parser.held()
            + recurring.held()
            + responses.held()
            + (incoming == null ? 0 : incoming.body.held()));
    input.pause(!starved && state == State.OPEN); // An ended peer must be noticed.
    if ((answering || heads != before) && responses.isEmpty() && deadlines.phase() == Phase.IDLE) {
      deadlines.touch();
    }
    if (responses.isEnded()) {
      disconnect();
    } else if (state != State.OPEN && responses.isEmpty()) {
      responses.end();
    }
  }

  /** Whether memory is short: many clients that each send most of a head could fill it. */
  private boolean hasNoMemoryForHead() {
    return parser.isInsideHead()
        && parser.held() > ArrivingBody.LEAST_COUNTED
        && server.memory().isExhausted();
  }

  private void noteExpendable() {
    boolean now = client == Client.PLAIN && responses.isEmpty() && deadlines.phase() == Phase.IDLE;
    if (expendable != now) {
      expendable = now;
    }
  }

  /** False for a link to another node, and for a connection that may become one. */
  @Override
  public boolean isExpendable() {
    return expendable;
  }

  @Override
  protected void broken(Throwable thrown) {
    disconnected = true;
    channel.close();
  }

  /** Feeds the parser; after the last request input is dropped. */
  @Override
  protected void feed(byte[] bytes) {
    if (state == State.OPEN) {
      if (!parser.isInsideHead() && !parser.isInsideBody()) {
        began = arrivedAt;
      }
      parser.feed(bytes);
      deadlines.received(bytes.length);
    }
  }

  /** Notes that nothing more can be received or sent. */
  private void disconnect() {
    state = State.GONE;
    responses.close(); // What the rest throws, for instance for lack of memory, changes nothing.
    releaseHeld();
    parser.close();
    if (client == Client.NODE) {
      client = Client.PLAIN; // It is notified once.
      server.nodes().closed(clientAddress());
    }
    if (!responses.isEmpty() || incoming != null) {
      responses.drop(CUT_OFF, ClientGone.because(why));
      failBody(CUT_OFF); // For one whose answer has left before all of its body had come.
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
        case END -> end(parser.takeTrailers());
        case REJECTED -> refuse(FailureAnswers.of(parser.rejection()));
        case STARVED -> {
          if (headFound) {
            stream();
          }
          return true;
        }
      }
    }
    return state != State.OPEN;
  }

  private boolean isBlocked() {
    return state != State.OPEN
        || incoming != null && incoming.body.isFull()
        || !parser.isInsideBody() && isMuchUnanswered()
        || channel.queued() > HIGH_WATER;
  }

  private boolean isMuchUnanswered() {
    if (responses.isEmpty()) {
      return false;
    }
    Limits limits = server.limits();
    return responses.size() >= limits.pipelined()
        || arriving.whole() - responses.first().bytesBefore > limits.body()
        || server.memory().isExhausted();
  }

  /* ------ Requests ------ */

  /** Answers the next request by a shortcut, if its head is a known one. */
  private boolean answerRecurring() {
    if (recurring.isEmpty() || !responses.isEmpty() || headFound) {
      return false;
    }
    Response response = recurring.answer(parser);
    if (response == null) {
      return false;
    }
    heads++;
    began = arrivedAt;
    responses.addAnswered(response);
    return true;
  }

  /** Remembers the head of a request that was found in one piece, if the handler wants that. */
  private void noteHead(Request request) {
    Recurrence recurrence = server.recurrence(request);
    RecurringHead head = recurrence == null ? null : parser.recurringHead(recurrence);
    if (head != null) {
      recurring.add(head);
    }
  }

  private void head() {
    heads++;
    headFound = true;
    if (server.memory().refuses(parser.heldByHead())) {
      refuse(Exchange.NO_MEMORY);
    }
  }

  private void piece(Chunk piece) {
    arriving.count(piece);
    if (headFound) {
      arriving.keep(piece);
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
      began = arrivedAt; // For the next request, if it has begun.
      incoming.body.end(trailers);
      boolean last = incoming.close;
      incoming.keepCounted(parser.heldByTrailers());
      incoming = null;
      if (last) {
        stop();
      }
      arriving.ended();
      return;
    }
    headFound = false;
    Chunk content = arriving.take();
    MemoryBudget.Share memory = null;
    if (content.size() > ArrivingBody.LEAST_COUNTED) {
      memory = server.memory().share();
      if (!memory.tryTake(content.size())) {
        refuse(Exchange.NO_MEMORY);
        return;
      }
    }
    start(content, trailers, memory);
    arriving.ended();
  }

  /** Passes the handler a request whose body has arrived. */
  private void start(Chunk content, Headers trailers, MemoryBudget.Share memory) {
    Future<Headers> known = trailers.isEmpty() ? RequestParser.NO_TRAILERS : Future.of(trailers);
    boolean tooLarge = content.size() > server.limits().body(); // The limit applies nevertheless.
    Body body =
        tooLarge
            ? BODIES.streamed(ArrivingBody.reader(content), NOTHING, NOTHING, memory)
            : content.isEmpty() ? Body.empty() : Body.of(content);
    Request parsed = parser.request(body, known, clientAddress(), began);
    Request request = ContentCoding.decoded(parsed, memory);
    Http1Exchange exchange = new Http1Exchange(server, this, request, memory);
    if (exchange.close) {
      stop();
    }
    began = arrivedAt;
    if (trailers.isEmpty() && request == parsed && !tooLarge) {
      noteHead(parsed);
    }
    start(exchange);
  }

  /** Passes the handler a request whose body is still arriving. */
  private void stream() {
    headFound = false;
    IncomingBody body = new IncomingBody(this);
    boolean awaitsContinue = parser.expectsContinue() && arriving.isEmpty();
    MemoryBudget.Share memory = server.memory().share();
    Body streamed =
        BODIES.streamed(body.reader(), awaitsContinue ? body::want : NOTHING, NOTHING, memory);
    Request request =
        ContentCoding.decoded(
            parser.request(streamed, body.trailers(), clientAddress(), began), memory);
    Http1Exchange exchange = new Http1Exchange(server, this, request, memory);
    exchange.body = body;
    exchange.awaitsContinue = awaitsContinue;
    incoming = exchange;
    if (!arriving.isEmpty()) {
      body.add(arriving.take()); // One piece of any size is accepted at once.
    }
    start(exchange);
  }

  Address clientAddress() {
    return channel.remote().inet().orElse(null);
  }

  private void start(Http1Exchange exchange) {
    if (client != Client.NODE) {
      boolean node = server.nodes() != null && server.nodes().isFromNode(exchange.request);
      client = node ? Client.NODE : Client.PLAIN;
      deadlines.mayIdle(node);
    }
    exchange.held = Exchange.COST + parser.heldByHead() + parser.heldByTrailers();
    exchange.bytesBefore = arriving.whole();
    responses.add(exchange);
    exchange.start(server.handler());
  }

  /* ------ The end of the input ------ */

  /** Accepts no more requests; the one that is arriving is the last to be answered. */
  private void stop() {
    if (state == State.OPEN) {
      state = State.LAST;
    }
    if (incoming != null) {
      incoming.close = true;
    }
  }

  /** Answers input that is not a request or is late; the reader of a body answers itself. */
  private void refuse(StatusException failure) {
    stop();
    if (incoming == null) {
      responses.add(Http1Exchange.refusal(server, this, FailureAnswers.to(failure)));
    }
    failBody(failure);
  }

  private void failBody(StatusException failure) {
    headFound = false;
    arriving.drop();
    if (incoming != null) {
      incoming.body.fail(failure);
      incoming = null;
    }
  }

  /* ------ Time ------ */

  /** The phase of the connection when its input is used up. */
  private Phase waitsFor() {
    if (parser.isInsideBody()) {
      boolean askedFor = incoming == null || !incoming.awaitsContinue;
      return askedFor ? Phase.BODY : Phase.BLOCKED;
    }
    return parser.isInsideHead() ? Phase.HEAD : Phase.IDLE;
  }

  private void enter(boolean starved) {
    Phase now = starved ? waitsFor() : isLastFed() ? Phase.LEFT : Phase.BLOCKED;
    deadlines.enter(now, now == Phase.HEAD && timedHead != heads);
    timedHead = heads;
  }

  private void timeOut() {
    overdue = false;
    if (!deadlines.isOverdue()) {
      return; // Bytes have arrived since the clock's thread looked.
    }
    if (deadlines.phase() == Phase.LEFT) {
      responses.end(); // The client seems to have gone.
      channel.close();
    } else if (state != State.OPEN) {
      return;
    } else if (deadlines.phase() != Phase.IDLE) {
      refuse(new StatusException(Status.REQUEST_TIMEOUT, "The request did not arrive in time"));
    } else if (responses.isEmpty()) {
      stop();
    }
  }
}
