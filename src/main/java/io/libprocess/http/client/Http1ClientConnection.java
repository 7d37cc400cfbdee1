package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.BodyAccess;
import io.libprocess.http.channel.ChannelTask;
import io.libprocess.http.channel.IncomingBody;
import io.libprocess.http.http1.RequestEncoder;
import io.libprocess.http.http1.ResponseParser;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Transport;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.stream.Chunk;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One connection of a client that speaks HTTP/1.1: writes requests, and completes their futures
 * with the responses, in order.
 *
 * <p><b>Owed responses.</b> A response is accepted only for a request whose head was written before
 * the response's bytes were looked at. Any other input ends the connection, so that surplus output
 * of a server is never taken for the answer to a later request.
 *
 * <p><b>Bodies.</b> A body that has arrived completely together with its head is delivered as
 * bytes, any other as a stream; while its reader is behind, nothing is parsed and the channel is
 * paused.
 *
 * <p><b>The end.</b> Input that arrived before the end, or before the channel broke, is still
 * delivered, however slowly it is read.
 */
final class Http1ClientConnection extends ChannelTask implements ClientConnection {

  private static final BodyAccess<Body.Streamed> BODIES = Access.to(Body.Streamed.class);
  private static final Runnable NOTHING = () -> {};
  private static final String DISCONNECTED = "Disconnected";
  private static final int CONTINUE = 100;

  private final Limits limits;
  private final Owner owner;
  private final ResponseParser parser;
  private final RequestWriter writer;
  private final ClientDeadlines deadlines;
  private final Promise<Void> disconnected = Promise.undiscardable();

  // Notes for work().
  private final ConcurrentLinkedQueue<ClientExchange> submitted = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<ClientExchange> unwanted = new ConcurrentLinkedQueue<>();
  private volatile boolean sentLate; // A body that was answered early may have been sent.
  private volatile IncomingBody givenUp; // The body of a given-up response, or null.
  private volatile Throwable cut; // Why the connection has to end now, or null.
  private volatile Optional<IOException> broken = Optional.empty(); // Set before the end is noted.

  // Used only by work().
  private final ArrayDeque<ClientExchange> unanswered = new ArrayDeque<>();
  private final List<Chunk> pieces = new ArrayList<>(0); // Of a body that is not delivered yet.
  private boolean headFound; // It has not been delivered yet.
  private boolean last; // No request may follow the present ones.
  private boolean used; // A response has been completed.
  private boolean lost; // The server has ended its side, or the connection broke.
  private boolean gone;

  Http1ClientConnection(
      Transport.Channel channel, String authority, Limits limits, Clock clock, Owner owner) {
    super(channel);
    this.limits = limits;
    this.owner = owner;
    this.parser = new ResponseParser(limits, () -> unanswered.element().isHead());
    this.writer = new RequestWriter(channel, new RequestEncoder(authority), this);
    this.deadlines = new ClientDeadlines(limits, clock, this);
  }

  @Override
  public Transport.Channel channel() {
    return channel;
  }

  @Override
  public Future<Void> disconnected() {
    return disconnected.future();
  }

  /** Sends a request after those before it. */
  @Override
  public void submit(ClientExchange exchange) {
    exchange
        .response()
        .onDiscard(
            () -> {
              unwanted.add(exchange);
              ask();
            });
    submitted.add(exchange);
    ask();
  }

  @Override
  public void disconnect() {
    disconnect(new Failure(DISCONNECTED));
  }

  private void disconnect(Throwable why) {
    cut = why;
    ask();
  }

  @Override
  public void closed(Optional<IOException> failure) {
    broken = failure;
    ended();
  }

  /* ------ Work ------ */

  @Override
  protected void advance() {
    if (!gone) {
      takeAndWrite();
    }
    if (gone) {
      refuseSubmitted();
    }
  }

  @Override
  protected void broken(Throwable thrown) {
    end(thrown);
    refuseSubmitted();
  }

  private void takeAndWrite() {
    boolean starved = takeArrived(); // Before more is written, which it could be taken to answer.
    takeUnwanted();
    if (sentLate && !gone) {
      offerAgain();
    }
    takeSubmitted();
    Throwable unwritable = gone ? null : writer.advance();
    if (cut != null) {
      end(cut);
    } else if (isGivenUp()) {
      end(new Failure("The response was given up before its end"));
    } else if (unwritable != null) {
      end(unwritable);
    } else if (starved && isLastFed()) {
      lost = true;
      end(new Failure(DISCONNECTED, broken.orElse(null)));
    }
    if (!gone) {
      countHeld(heldByResponse());
      input.pause(!starved);
      watchTime(starved);
    }
  }

  private long heldByResponse() {
    ClientExchange first = unanswered.peek();
    return parser.held() + (first == null || first.body == null ? 0 : first.body.held());
  }

  /* ------ Requests ------ */

  private void takeSubmitted() {
    for (ClientExchange exchange = submitted.peek();
        exchange != null;
        exchange = submitted.peek()) {
      boolean full = unanswered.size() >= limits.pipelined();
      if (full && !gone && !last && !exchange.withdrawn) {
        return; // It waits for an answer.
      }
      submitted.poll();
      if (gone) {
        exchange.fail(unsent(new Failure(DISCONNECTED)));
      } else if (last) {
        exchange.fail(unsent(new Failure("Cannot pipeline after 'Connection: close'")));
      } else if (!exchange.withdrawn) {
        last = exchange.close;
        unanswered.add(exchange);
        writer.add(exchange);
      }
    }
  }

  private void refuseSubmitted() {
    takeUnwanted();
    takeSubmitted();
  }

  /**
   * Withdraws discarded requests that have not begun; the responses of the others will be dropped.
   */
  private void takeUnwanted() {
    for (ClientExchange exchange = unwanted.poll(); exchange != null; exchange = unwanted.poll()) {
      exchange.withdrawn = true;
      if (!exchange.hasBegun() && unanswered.remove(exchange)) {
        writer.remove(exchange);
        last &= !exchange.close;
      }
      if (!exchange.hasBegun()) {
        exchange.releaseBody();
      }
      exchange.promise.discard();
    }
  }

  /* ------ Responses ------ */

  /** Whether a response may come now. */
  private boolean isOwed() {
    return !unanswered.isEmpty() && unanswered.peek().hasBegun();
  }

  private boolean isBlocked() {
    if (gone || unanswered.isEmpty()) {
      return gone;
    }
    IncomingBody body = unanswered.peek().body;
    return body != null && body.isFull();
  }

  @Override
  protected void feed(byte[] bytes) {
    if (!gone) {
      parser.feed(bytes);
      deadlines.received(parser.isInsideBody());
    }
  }

  @Override
  protected boolean parse() {
    while (!isBlocked()) {
      if (!isOwed()) {
        if (parser.hasMore()) {
          end(new Failure("Received data when none is expected"));
        }
        return true;
      }
      switch (parser.next()) {
        case INTERIM -> interim(unanswered.element());
        case HEAD -> head(unanswered.element());
        case PIECE -> piece(parser.piece());
        case END -> endOfResponse(parser.takeTrailers());
        case REJECTED -> {
          giveOutStream();
          end(new Failure("Failed to decode response: " + parser.rejection().reason()));
        }
        case STARVED -> {
          boolean ended = isLastFed() && broken.isEmpty() && parser.endInput();
          if (!ended) {
            giveOutStream();
            return true;
          }
        }
      }
    }
    return gone;
  }

  private void interim(ClientExchange exchange) {
    exchange.answered = true;
    exchange.awaitsContinue &= parser.status().code() != CONTINUE;
  }

  private void head(ClientExchange exchange) {
    exchange.answered = true;
    headFound = true;
    if (!parser.keepsAlive()) {
      exchange.close = true;
      failBehind(exchange);
    }
  }

  /**
   * Fails the later requests: a response that ends the connection is the last one, whatever was
   * sent after its request.
   */
  private void failBehind(ClientExchange exchange) {
    last = true;
    while (unanswered.size() > 1) {
      ClientExchange behind = unanswered.removeLast();
      writer.remove(behind);
      behind.fail(new Failure("Received 'Connection: close' from the server"));
    }
  }

  private void piece(Chunk piece) {
    if (headFound) {
      pieces.add(piece);
      return;
    }
    IncomingBody body = unanswered.element().body;
    body.add(piece);
    if (body.isUnwanted()) {
      end(new Failure("The response is not read"));
    }
  }

  private void giveOutStream() {
    if (!headFound) {
      return;
    }
    headFound = false;
    ClientExchange exchange = unanswered.element();
    IncomingBody body = new IncomingBody(this);
    exchange.body = body;
    if (!pieces.isEmpty()) {
      body.add(Chunk.join(pieces)); // One piece of any size is accepted at once.
      pieces.clear();
    }
    Body streamed =
        BODIES.streamed(
            body.reader(), NOTHING, () -> giveUp(body), MemoryBudget.of(channel).share());
    exchange.answer(new Response(parser.status(), parser.takeHeaders(), streamed, body.trailers()));
  }

  /** Gives up the rest of a streamed response; called by any thread. */
  private void giveUp(IncomingBody body) {
    givenUp = body;
    ask();
  }

  private boolean isGivenUp() {
    IncomingBody body = givenUp;
    return body != null && !unanswered.isEmpty() && unanswered.peek().body == body;
  }

  private void endOfResponse(Headers trailers) {
    ClientExchange exchange = unanswered.remove();
    used = true;
    deadlines.answered();
    boolean ends = exchange.close || !exchange.isWritten(); // Must the rest come? Nobody knows.
    boolean surplus = !isOwed() && parser.hasMore();
    if (!ends && !surplus && unanswered.isEmpty() && submitted.isEmpty()) {
      if (exchange.hasBody() && channel.queued() > 0) {
        channel.execute(this::lookAgain); // Bytes just sent may not be counted yet.
      } else {
        owner.idle(this); // First, so that the next request can be sent here after the response.
      }
    }
    if (headFound) {
      headFound = false;
      Body body = pieces.isEmpty() ? Body.empty() : Body.of(Chunk.join(pieces));
      pieces.clear();
      Future<Headers> known = trailers.isEmpty() ? ResponseParser.NO_TRAILERS : Future.of(trailers);
      exchange.answer(new Response(parser.status(), parser.takeHeaders(), body, known));
    } else {
      exchange.body.end(trailers);
    }
    if (ends) {
      exchange.releaseBody();
      end(new Failure(DISCONNECTED));
    }
  }

  private void lookAgain() {
    sentLate = true;
    ask();
  }

  /** Offers the connection again: the last body may have been sent meanwhile. */
  private void offerAgain() {
    sentLate = false;
    if (unanswered.isEmpty() && submitted.isEmpty()) {
      if (channel.queued() == 0) {
        owner.idle(this);
      } else {
        owner.behind(this);
      }
    }
  }

  /* ------ The end ------ */

  private void end(Throwable why) {
    if (gone) {
      return;
    }
    gone = true;
    deadlines.stop();
    if (isOwed()) {
      channel.reset(); // A server with nothing to send would not notice otherwise.
    } else {
      channel.close();
    }
    writer.closeStream(why);
    owner.gone(this);
    for (ClientExchange exchange : unanswered) {
      exchange.fail(mayBeSentAgain(exchange) ? unsent(why) : why);
    }
    unanswered.clear();
    pieces.clear();
    releaseHeld();
    disconnected.set(null);
  }

  /**
   * Whether nothing can have been done for a request: none of it was written, or the server had
   * closed a reused connection and the request can be repeated without harm.
   */
  private boolean mayBeSentAgain(ClientExchange exchange) {
    return !exchange.hasBegun() || lost && used && exchange.mayBeRepeated();
  }

  private static Throwable unsent(Throwable why) {
    return FlaggedFailure.with(why, FailureFlag.RETRYABLE);
  }

  /* ------ Time ------ */

  private void watchTime(boolean starved) {
    ClientDeadlines.Phase phase = waitsFor(starved);
    if (!deadlines.isExceeded(phase, channel.queued())) {
      return;
    }
    if (phase == ClientDeadlines.Phase.CONTINUE) {
      unanswered.element().awaitsContinue = false;
      ask();
    } else {
      end(deadlines.failure());
    }
  }

  private ClientDeadlines.Phase waitsFor(boolean starved) {
    if (!starved) {
      return ClientDeadlines.Phase.BLOCKED;
    }
    if (parser.isInsideBody()) {
      return ClientDeadlines.Phase.BODY;
    }
    if (unanswered.isEmpty()) {
      return ClientDeadlines.Phase.IDLE;
    }
    ClientExchange first = unanswered.element();
    if (first.awaitsContinue) {
      return ClientDeadlines.Phase.CONTINUE;
    }
    if (first.isWritten()) {
      return ClientDeadlines.Phase.HEAD;
    }
    return writer.isStarved() ? ClientDeadlines.Phase.BLOCKED : ClientDeadlines.Phase.SENDING;
  }

  @Override
  public String toString() {
    return "Connection to " + channel.remote();
  }
}
