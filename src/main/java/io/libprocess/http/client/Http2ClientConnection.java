package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.channel.ChannelTask;
import io.libprocess.http.http2.StreamState;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.message.RequestHeads;
import io.libprocess.net.Transport;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;

/**
 * One connection of a client that speaks HTTP/2: each request is a stream, and none waits for
 * another as long as the server takes more streams.
 *
 * <p><b>Unprocessed requests.</b> A request that the server has refused, that is beyond the last
 * one in its GOAWAY, or that was never written, has had no effect. Its failure says so, and it may
 * be sent again whatever its method.
 *
 * <p><b>The end.</b> After GOAWAY in either direction no request is begun; the connection ends with
 * the last stream. A limit of time ends one stream; then the connection takes no more requests
 * until the server has answered a ping.
 */
final class Http2ClientConnection extends ChannelTask implements ClientConnection {

  private static final String DISCONNECTED = "Disconnected";

  /** When the ids run out, a new connection has to be made. */
  private static final int LAST_ID = 1 << 30;

  private final Limits limits;
  private final Owner owner;
  private final PeerSettings peer = new PeerSettings();
  private final StreamTable<Http2ClientStream> streams = new StreamTable<>();
  private final Http2ClientOutput output;
  private final Http2ClientFrames frames;
  private final Http2ClientTimes times;
  private final Promise<Void> disconnected = Promise.undiscardable();

  private final Places places = new Places();
  private final Http2ClientResponses responses;

  // Notes for work().
  private final ConcurrentLinkedQueue<ClientExchange> submitted = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<ClientExchange> unwanted = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Http2ClientStream> asked = new ConcurrentLinkedQueue<>();
  private volatile Throwable cut; // Why the connection has to end now, or null.
  private volatile Optional<IOException> broken = Optional.empty(); // Set before the end is noted.

  // Used only by work().
  private final ArrayDeque<ClientExchange> waiting = new ArrayDeque<>(0); // For a place.
  private int nextId = 1;
  private boolean begun;
  private boolean gone;
  private Failure whyLeaving = new Failure(DISCONNECTED);
  private Failure serversError; // What the server has said with its GOAWAY; null if no error.

  Http2ClientConnection(
      Transport.Channel channel, String authority, Limits limits, Clock clock, Owner owner) {
    super(channel);
    this.limits = limits;
    this.owner = owner;
    this.output = new Http2ClientOutput(this, channel, peer, authority);
    this.times = new Http2ClientTimes(limits, clock, this, owner.keepAlive());
    this.responses = new Http2ClientResponses(channel);
    this.frames = new Http2ClientFrames(this, streams, output, responses, times, peer, limits);
  }

  @Override
  public Transport.Channel channel() {
    return channel;
  }

  @Override
  public Future<Void> disconnected() {
    return disconnected.future();
  }

  /* ------ Places ------ */

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public boolean isLeaving() {
    return places.areClosed();
  }

  @Override
  public boolean isUnused() {
    return places.areUnused();
  }

  @Override
  public boolean tryReserve() {
    return places.tryTake();
  }

  @Override
  public void release() {
    places.release();
  }

  /* ------ Events ------ */

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

  /** Asks for the work on a stream to go on; called by any thread. */
  void ask(Http2ClientStream stream) {
    if (!stream.asked) {
      stream.asked = true; // Two threads may both come here, which does no harm.
      asked.add(stream);
    }
    ask();
  }

  @Override
  public void disconnect() {
    cut = new Failure(DISCONNECTED);
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
      if (!begun) {
        begun = true;
        output.begin(limits);
        frames.begin();
        times.begin();
      }
      takeArrived();
      responses.giveOut();
      takeUnwanted();
      lookAtAsked();
      takeSubmitted();
      startWaiting();
      finishRound();
    }
    if (gone) {
      takeUnwanted();
      refuseSubmitted();
    }
  }

  private void finishRound() {
    if (gone) {
      return;
    }
    if (times.takeRang()) {
      checkTimes();
    }
    output.advance();
    if (cut != null) {
      endNow(cut);
    } else if (isLastFed()) {
      endNow(new Failure(DISCONNECTED, broken.orElse(null)));
    } else if (places.areClosed() && streams.isEmpty()) {
      output.writer.goAway(0, ErrorCode.NO_ERROR, "");
      end(whyLeaving);
    } else {
      long[] held = {frames.held()};
      streams.forEach(stream -> held[0] += stream.held());
      countHeld(held[0]);
      input.pause(false);
      times.idle(streams.isEmpty());
    }
  }

  private void refuseSubmitted() {
    for (ClientExchange next = submitted.poll(); next != null; next = submitted.poll()) {
      next.fail(unprocessed(next, new Failure(DISCONNECTED)));
    }
  }

  @Override
  protected void feed(byte[] bytes) {
    if (!gone) {
      times.arrived();
      frames.feed(bytes);
    }
  }

  @Override
  protected boolean parse() {
    while (!gone) {
      try {
        if (!frames.parse()) {
          return true;
        }
      } catch (Http2Exception e) {
        Failure failure = new Failure("Failed to decode response: " + e.getMessage(), e);
        if (e.stream() == 0) {
          output.writer.goAway(0, e.code(), e.getMessage());
          end(failure);
        } else {
          reset(e.stream(), e.code(), failure);
        }
      }
    }
    return true;
  }

  private void lookAtAsked() {
    for (Http2ClientStream stream = asked.poll(); stream != null; stream = asked.poll()) {
      stream.asked = false;
      if (stream.body != null) {
        stream.body.advance();
      }
      if (stream.isClosed()) {
        continue;
      }
      if (stream.givenUp) {
        reset(
            stream.id(), ErrorCode.CANCEL, new Failure("The response was given up before its end"));
        continue;
      }
      if (stream.body != null) {
        frames.credit(stream);
      }
      if (!stream.exchange.awaitsContinue) {
        output.goOn(stream);
      }
    }
  }

  /* ------ Requests ------ */

  private void takeUnwanted() {
    for (ClientExchange exchange = unwanted.poll(); exchange != null; exchange = unwanted.poll()) {
      exchange.withdrawn = true;
      exchange.promise.discard();
      if (exchange.begun) {
        for (Http2ClientStream stream : streams.all()) {
          if (stream.exchange == exchange && stream.status == null) {
            reset(stream.id(), ErrorCode.CANCEL, new Failure("the request was given up"));
          }
        }
      } else if (waiting.remove(exchange) || gone) {
        exchange.releaseBody();
        ended(exchange);
      }
    }
  }

  private void takeSubmitted() {
    ClientExchange exchange;
    while ((exchange = submitted.poll()) != null) {
      String refusal = RequestHeads.refusal(exchange.request, peer.maxHeaderList());
      if (exchange.withdrawn) {
        exchange.releaseBody();
        ended(exchange);
      } else if (places.areClosed()) {
        fail(exchange, unprocessed(exchange, whyLeaving));
      } else if (refusal != null) {
        fail(exchange, new Failure(refusal));
      } else {
        waiting.add(exchange);
      }
    }
  }

  private void startWaiting() {
    while (!waiting.isEmpty() && !places.areClosed() && streams.size() < places.most()) {
      ClientExchange exchange = waiting.poll();
      Http2ClientStream stream =
          new Http2ClientStream(nextId, this, exchange, peer.initialWindow());
      streams.use(nextId);
      nextId += 2;
      streams.add(stream);
      progress(stream);
      if (exchange.close || nextId > LAST_ID) {
        leave(new Failure("Cannot send more after 'Connection: close'"));
      }
      output.start(stream);
    }
  }

  /** Notes that the request or the response of a stream has made progress. */
  void progress(Http2ClientStream stream) {
    stream.since = times.now();
    times.look(times.deadline(stream));
  }

  private void ended(ClientExchange exchange) {
    if (!gone) {
      owner.idle(this);
    }
  }

  private void fail(ClientExchange exchange, Throwable why) {
    ended(exchange); // First, so that the next request can be sent here.
    exchange.fail(why);
  }

  private static Throwable unprocessed(ClientExchange exchange, Throwable why) {
    exchange.unprocessed = true;
    return FlaggedFailure.with(why, FailureFlag.RETRYABLE);
  }

  /* ------ Responses ------ */

  /** Notes that all of a response has arrived. */
  void endOfResponse(Http2ClientStream stream, Headers trailers) {
    ClientExchange exchange = stream.exchange;
    if (exchange.written) {
      streams.close(stream, StreamState.ENDED);
    } else {
      output.writer.rstStream(stream.id(), ErrorCode.NO_ERROR); // The rest is of no use.
      streams.close(stream, StreamState.RESET_HERE);
      stream.closeContent(null);
      exchange.releaseBody();
    }
    ended(exchange); // First, so that the next request can be sent here after the response.
    responses.end(stream, trailers);
  }

  /** Notes that the server has reset a stream. */
  void resetByPeer(Http2ClientStream stream, ErrorCode code) {
    streams.close(stream, StreamState.RESET_BY_PEER);
    Failure why = stream.resetBy(code);
    fail(stream, code == ErrorCode.REFUSED_STREAM ? unprocessed(stream.exchange, why) : why);
  }

  private void fail(Http2ClientStream stream, Throwable why) {
    ended(stream.exchange); // First, so that the next request can be sent here.
    stream.fail(why);
  }

  /** Resets a stream, which may be closed. */
  void reset(int id, ErrorCode code, Throwable why) {
    output.writer.rstStream(id, code);
    Http2ClientStream stream = streams.get(id);
    if (stream == null) {
      streams.resetAgain(id);
      return;
    }
    streams.close(stream, StreamState.RESET_HERE);
    fail(stream, why);
  }

  /* ------ Control ------ */

  /** Notes that the server's settings have changed. */
  void settingsChanged() {
    int now = peer.maxStreams();
    if (now != places.most()) {
      places.resize(now);
      owner.changed(this);
    }
  }

  void pingAcked() {
    times.pingAcked();
    if (places.areSuspended()) {
      places.resume();
      owner.changed(this);
    }
  }

  /** Notes that the server takes no more requests. */
  void goAway(int lastStream, ErrorCode code, String debug) {
    String text = debug.isEmpty() ? code.toString() : code + ": " + debug;
    Failure why = new Failure("The server ends the connection: " + text);
    if (code != ErrorCode.NO_ERROR) {
      serversError = why;
    }
    owner.told(code, debug);
    leave(why);
    for (Http2ClientStream stream : streams.all()) {
      if (stream.id() > lastStream) {
        streams.close(stream, StreamState.RESET_BY_PEER);
        fail(stream, unprocessed(stream.exchange, why));
      }
    }
  }

  private void leave(Failure why) {
    whyLeaving = why;
    if (!places.areClosed()) {
      places.close();
      owner.changed(this);
    }
    for (ClientExchange next = waiting.poll(); next != null; next = waiting.poll()) {
      fail(next, unprocessed(next, why));
    }
  }

  private void checkTimes() {
    long now = times.now();
    if (times.isSettingsLate(now)) {
      output.writer.goAway(0, ErrorCode.SETTINGS_TIMEOUT, "no ACK of the settings");
      end(new TimeoutException("The server did not acknowledge the settings"));
    } else if (times.isDead(now)) {
      endNow(new TimeoutException("The server did not answer a ping"));
    } else if (streams.isEmpty() && times.isIdleTooLong(now)) {
      leave(new Failure("The connection was idle for " + limits.idleTime()));
    } else if (times.isSilent(now, streams.isEmpty())) {
      ping();
    }
    for (Http2ClientStream stream : streams.all()) {
      long deadline = times.deadline(stream);
      if (deadline > now) {
        times.look(deadline);
      } else if (stream.exchange.awaitsContinue) {
        stream.exchange.awaitsContinue = false;
        output.startBody(stream);
        progress(stream);
      } else {
        places.suspend(); // Perhaps the connection is dead.
        ping();
        reset(stream.id(), ErrorCode.CANCEL, times.failure(stream));
      }
    }
  }

  private void ping() {
    output.writer.ping(nextId, false);
    times.pinged();
  }

  /* ------ The end ------ */

  @Override
  protected void broken(Throwable thrown) {
    endNow(thrown);
    refuseSubmitted();
  }

  /** Ends the connection although the server may not take what was sent. */
  private void endNow(Throwable why) {
    if (!gone && streams.isEmpty()) {
      channel.close();
    } else if (!gone) {
      channel.reset(); // A server with nothing to send would not notice otherwise.
    }
    end(why);
  }

  private void end(Throwable why) {
    if (gone) {
      return;
    }
    gone = true;
    places.close();
    times.stop();
    output.writer.flush();
    channel.closeAfterWrites();
    owner.gone(this);
    Throwable told = serversError == null ? why : new Failure(serversError.getMessage(), why);
    for (Http2ClientStream stream : streams.all()) {
      streams.close(stream, StreamState.RESET_HERE);
      stream.fail(told);
    }
    for (ClientExchange next = waiting.poll(); next != null; next = waiting.poll()) {
      next.fail(unprocessed(next, why));
    }
    releaseHeld();
    disconnected.set(null);
  }

  @Override
  public String toString() {
    return "Connection to " + channel.remote();
  }
}
