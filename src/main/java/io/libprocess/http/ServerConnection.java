package io.libprocess.http;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection of the server: makes requests of the input and gives them to the handler.
 *
 * <p><b>Input.</b> It is worked on by one thread at a time, the one that raised {@link #wanted}
 * from zero; who raises it further leaves what it wants to that thread, which looks again until it
 * is zero. Most of the time that is the event loop's thread, but a reader that makes room in a
 * body's pipe, or a response that makes room for another request, lets the input go on from
 * elsewhere. While it cannot go on the channel is paused.
 *
 * <p><b>Bodies.</b> A body that has arrived as a whole with its head is given to the handler as
 * bytes, any other as a stream.
 */
final class ServerConnection implements Transport.Handler, ResponseQueue.Listener {

  /** How much of a body that nobody wants is read, so that the connection can be used again. */
  private static final long MOST_DROPPED = 64 << 10;

  /** What the input waits for, as the clock's thread sees it. */
  private enum Phase {
    BETWEEN_REQUESTS,
    HEAD,
    BODY,
    BLOCKED
  }

  private final HttpServer server;
  private final Transport.Channel channel;
  private final RequestParser parser;
  private final ResponseQueue responses;
  private final AtomicInteger wanted = new AtomicInteger();
  private final ConcurrentLinkedQueue<byte[]> arrived = new ConcurrentLinkedQueue<>();

  private volatile Phase phase = Phase.BETWEEN_REQUESTS;
  private volatile long waitedMillis; // In this phase without progress. Racy: it need not be exact.
  private volatile boolean inputEnded;
  private volatile boolean timedOut;
  private volatile boolean bodyBlocked; // The body's pipe is full.
  private volatile boolean stopped; // No more requests are taken. Written by the input's thread.

  // Of the thread that works on the input.
  private final List<Chunk> pieces = new ArrayList<>(0); // Of a body not given to the handler yet.
  private boolean headFound; // The body is being read, and the handler has not been called.
  private Exchange current; // Whose body is being read, once the handler has been called.
  private boolean paused;

  ServerConnection(HttpServer server, Transport.Channel channel) {
    this.server = server;
    this.channel = channel;
    this.parser = new RequestParser(server.limits());
    this.responses =
        new ResponseQueue(channel, server.encoder(), server.limits().pipelined(), this);
  }

  /* ------ The channel's calls ------ */

  @Override
  public void received(ByteBuffer bytes) {
    if (stopped) {
      return;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    if (phase != Phase.HEAD) { // A head has to arrive in time as a whole.
      waitedMillis = 0;
    }
    if (wanted.compareAndSet(0, 1)) {
      parser.feed(copy);
      work();
    } else {
      arrived.add(copy);
      goOn();
    }
  }

  @Override
  public void ended() {
    inputEnded = true;
    goOn();
  }

  @Override
  public void drained() {
    responses.drained();
  }

  @Override
  public void closed(Optional<IOException> failure) {
    server.closed(this);
    responses.closed();
    inputEnded = true;
    goOn(); // Fails a body that has not ended.
  }

  /* ------ The response queue's calls ------ */

  @Override
  public void finished(Exchange exchange) {
    if (exchange.body != null) {
      exchange.body.reader().close(); // What has not been read is not wanted.
    }
  }

  @Override
  public void room() {
    goOn();
  }

  @Override
  public void idle() {
    waitedMillis = 0;
    if (inputEnded) {
      channel.closeAfterWrites();
    }
  }

  /* ------ The server's calls ------ */

  void drain() {
    responses.drain();
  }

  /** Time has passed; on the clock's thread. */
  void passed(long millis) {
    waitedMillis += millis;
    long waited = waitedMillis;
    Limits limits = server.limits();
    boolean tooLong =
        switch (phase) {
          case HEAD -> waited >= limits.headTime().toMillis();
          case BODY -> waited >= limits.bodyTime().toMillis();
          case BETWEEN_REQUESTS -> responses.isEmpty() && waited >= limits.idleTime().toMillis();
          case BLOCKED -> false;
        };
    if (tooLong) {
      if (phase == Phase.BETWEEN_REQUESTS) {
        responses.drain();
      } else {
        timedOut = true;
        goOn();
      }
    }
  }

  /* ------ Working on the input ------ */

  private void goOn() {
    if (wanted.getAndIncrement() == 0) {
      work();
    }
  }

  private void work() {
    int seen = wanted.get();
    do {
      for (byte[] bytes = arrived.poll(); bytes != null; bytes = arrived.poll()) {
        parser.feed(bytes);
      }
      parse();
      seen = wanted.addAndGet(-seen);
    } while (seen != 0);
  }

  private void parse() {
    boolean starved = false;
    while (!starved && !isBlocked()) {
      switch (parser.next()) {
        case HEAD -> headFound = true;
        case PIECE -> piece(parser.piece());
        case END -> end(parser.trailers());
        case REJECTED -> refuse(parser.rejection().status(), parser.rejection().reason());
        case STARVED -> starved = true;
      }
    }
    if (starved && headFound) {
      stream();
    }
    if (starved && inputEnded) {
      cutOff();
    }
    if (timedOut && !stopped) {
      timeOut();
    }
    setPhase(starved);
  }

  private boolean isBlocked() {
    return stopped || bodyBlocked || responses.isFull();
  }

  private void setPhase(boolean starved) {
    if (!starved) {
      phase = Phase.BLOCKED;
    } else if (parser.isInsideBody()) {
      phase = Phase.BODY;
    } else if (parser.isInsideHead()) {
      if (phase != Phase.HEAD) {
        waitedMillis = 0;
        phase = Phase.HEAD;
      }
    } else {
      phase = Phase.BETWEEN_REQUESTS;
    }
    boolean pause = !starved && !stopped; // What comes after the last request is dropped.
    if (pause != paused) {
      paused = pause;
      if (pause) {
        channel.pause();
      } else {
        channel.resume();
      }
    }
  }

  private void piece(Chunk piece) {
    if (headFound) {
      pieces.add(piece);
      return;
    }
    Exchange exchange = current;
    Future<Boolean> written = exchange.body.writer().write(piece);
    if (written.isPending()) {
      bodyBlocked = true;
      written.onAny(
          done -> {
            bodyBlocked = false;
            waitedMillis = 0;
            goOn();
          });
    } else if (!written.isReady() || !written.get()) {
      exchange.dropped += piece.size();
      if (exchange.dropped > MOST_DROPPED) {
        stopped = true;
        responses.closeAfter(exchange);
      }
    }
  }

  private void end(Headers trailers) {
    if (headFound) {
      Body body = pieces.isEmpty() ? Body.empty() : Body.of(Chunk.join(pieces));
      pieces.clear();
      headFound = false;
      Future<Headers> known = trailers.isEmpty() ? Request.NO_TRAILERS : Future.of(trailers);
      call(new Exchange(parser.request(body, known, channel.remote())));
      return;
    }
    Exchange exchange = current;
    current = null;
    exchange.bodyEnded = true;
    stopped = stopped || exchange.close;
    exchange.trailers.set(trailers);
    exchange.body.writer().close();
  }

  /** Gives the handler a request whose body is still arriving. */
  private void stream() {
    Pipe<Chunk> body = Pipe.bytes();
    Promise<Headers> trailers = new Promise<>();
    Exchange exchange =
        new Exchange(parser.request(Body.of(body.reader()), trailers.future(), channel.remote()));
    exchange.body = body;
    exchange.trailers = trailers;
    exchange.bodyEnded = false;
    headFound = false;
    current = exchange;
    boolean bodyHasBegun = !pieces.isEmpty();
    for (Chunk piece : pieces) {
      piece(piece);
    }
    pieces.clear();
    boolean awaitsContinue = parser.expectsContinue() && !bodyHasBegun;
    call(exchange);
    if (awaitsContinue) {
      responses.continueWhenFirst(exchange);
    }
  }

  private void call(Exchange exchange) {
    stopped = stopped || exchange.close && exchange.bodyEnded;
    responses.add(exchange);
    Future<Response> response = answer(exchange.request);
    exchange.future = response;
    if (response.isReady()) {
      responses.respond(exchange, response.get());
      return;
    }
    response.onAny(done -> responses.respond(exchange, responseOf(done)));
    response.onAbandoned(
        () -> responses.respond(exchange, Response.internalServerError("abandoned future")));
  }

  private Future<Response> answer(Request request) {
    try {
      Future<Response> response = server.handler().handle(request);
      return response != null
          ? response
          : Future.failed(new NullPointerException("the handler returned null"));
    } catch (Throwable thrown) {
      return Future.failed(thrown);
    }
  }

  private static Response responseOf(Future<Response> done) {
    if (done.isReady()) {
      return done.get();
    }
    return done.isFailed()
        ? Response.failure(done.failure())
        : Response.internalServerError("discarded future");
  }

  /* ------ The end of the input ------ */

  /** Answers what is no request, and takes no more. */
  private void refuse(Status status, String reason) {
    stopped = true;
    failBody(reason);
    if (current != null) {
      responses.closeAfter(current);
      current = null;
      return;
    }
    Request request = Request.of("GET", "/").withKeepAlive(false);
    Exchange exchange = new Exchange(request);
    responses.add(exchange);
    responses.respond(exchange, Response.of(status.code(), reason));
  }

  /** Nothing more will arrive: requests that have not arrived as a whole never will. */
  private void cutOff() {
    stopped = true;
    failBody("failed to decode body");
    if (responses.isEmpty()) {
      channel.closeAfterWrites();
    }
  }

  private void timeOut() {
    if (parser.isInsideHead() || parser.isInsideBody()) {
      refuse(Status.REQUEST_TIMEOUT, "The request did not arrive in time");
    }
    timedOut = false;
  }

  private void failBody(String reason) {
    headFound = false;
    pieces.clear();
    Exchange exchange = current;
    if (exchange != null && !exchange.bodyEnded) {
      exchange.bodyEnded = true;
      exchange.body.writer().fail(new IOException(reason));
      exchange.trailers.fail(reason);
    }
  }

  Address client() {
    return channel.remote();
  }
}
