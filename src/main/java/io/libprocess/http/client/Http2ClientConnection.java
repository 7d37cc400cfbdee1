package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.channel.ChannelTask;
import io.libprocess.http.http2.AskedStreams;
import io.libprocess.http.http2.CipherRule;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.http.http2.StreamState;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.frame.AbuseRule;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * One connection of a client that speaks HTTP/2: each request is a stream, and none waits for
 * another as long as the server takes more streams.
 *
 * <p><b>The end.</b> After GOAWAY in either direction no request is begun; the connection ends with
 * the last stream. A limit of time ends one stream; then the connection takes no more requests
 * until the server has answered a ping.
 */
final class Http2ClientConnection extends ChannelTask implements ClientConnection {

  private static final String DISCONNECTED = "Disconnected";
  private static final long NANOS = 1_000_000; // Of a millisecond.

  private final Limits limits;
  private final Owner owner;
  private final Http2Counts counts;
  private final PeerSettings peer = new PeerSettings();
  private final StreamTable<Http2ClientStream> streams;
  private final Http2ClientOutput output;
  private final Http2ClientFrames frames;
  private final Http2ClientTimes times;
  private final Promise<Void> disconnected = Promise.undiscardable();

  private final Places places = new Places();
  private final Http2ClientRequests requests;
  private final Http2ClientResponses responses;

  // Notes for work().
  final AskedStreams<Http2ClientStream> asked = new AskedStreams<>();
  private volatile Throwable cut; // Why the connection has to end now, or null.
  private volatile Optional<IOException> broken = Optional.empty(); // Set before the end is noted.

  // Used only by work().
  private boolean begun;
  private boolean gone;
  private Failure whyLeaving = new Failure(DISCONNECTED);
  private boolean told; // The server has sent GOAWAY.
  private Failure serversError; // What the server has said with its GOAWAY; null if no error.

  Http2ClientConnection(
      Transport.Channel channel,
      String authority,
      Limits limits,
      Clock clock,
      Owner owner,
      Http2Counts counts) {
    super(channel);
    this.limits = limits;
    this.owner = owner;
    this.counts = counts;
    this.streams = new StreamTable<>(() -> clock.nanoTime() / NANOS);
    this.output = new Http2ClientOutput(this, peer, authority, clock, limits, counts);
    this.times = new Http2ClientTimes(limits, clock, this, owner.keepAlive());
    this.requests = new Http2ClientRequests(this, streams, peer, places);
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

  @Override
  public int places() {
    return places.most();
  }

  @Override
  public void expectPlaces(int number) {
    places.expect(number);
  }

  /* ------ Events ------ */

  @Override
  public void submit(ClientExchange exchange) {
    requests.submit(exchange);
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
        open();
      }
      takeArrived();
      responses.giveOut();
      requests.takeUnwanted(false);
      asked.takeAll(this::look);
      requests.takeSubmitted(whyLeaving);
      requests.startWaiting();
      finishRound();
    }
    if (gone) {
      requests.takeUnwanted(true);
      requests.refuseSubmitted(new Failure(DISCONNECTED));
    }
  }

  private void open() {
    begun = true;
    counts.begun();
    output.begin(limits);
    frames.begin();
    times.begin();
    if (channel.tls().filter(CipherRule::excludes).isPresent()) {
      requests.requireHttp1();
      leave(new Failure("The server has chosen a cipher that HTTP/2 excludes"));
      output.goAway(ErrorCode.INADEQUATE_SECURITY, "the cipher is too weak");
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
      output.goAway(ErrorCode.NO_ERROR, "");
      end(whyLeaving);
    } else {
      long[] held = {frames.held()};
      streams.forEach(stream -> held[0] += stream.held());
      countHeld(held[0]);
      input.pause(false);
      times.idle(streams.isEmpty());
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
        Failure failure =
            new Failure("Failed to decode response: " + e.getMessage() + " (" + e.code() + ")", e);
        if (e.stream() == 0) {
          output.goAway(e.code(), e.getMessage());
          end(failure);
          if (e.rule() != null) {
            exceeded(e.rule(), e.getMessage());
          }
        } else {
          reset(e.stream(), e.code(), failure);
        }
      }
    }
    return true;
  }

  /** Counts and logs that the server has exceeded a limit. */
  void exceeded(AbuseRule rule, String how) {
    counts.exceeded(
        rule,
        () -> "The server of the connection to " + channel.remote() + ": it ends: " + how,
        times.now());
  }

  /** Looks at everything that can have changed about a stream. */
  private void look(Http2ClientStream stream) {
    if (stream.body != null) {
      stream.body.advance();
    }
    if (stream.isClosed()) {
      return;
    }
    if (stream.givenUp) {
      reset(stream.id(), ErrorCode.CANCEL, new Failure("The response was given up before its end"));
      return;
    }
    if (stream.body != null) {
      frames.credit(stream);
    }
    if (stream.hasContent()) {
      progress(stream);
    }
    output.goOn(stream);
  }

  /* ------ Requests ------ */

  /** Writes the head of a request. */
  void start(Http2ClientStream stream) {
    output.start(stream);
  }

  /** Gives up a request that has begun, unless its response has begun as well. */
  void giveUp(ClientExchange exchange) {
    for (Http2ClientStream stream : streams.all()) {
      if (stream.exchange == exchange && stream.status == null) {
        reset(stream.id(), ErrorCode.CANCEL, new Failure("the request was given up"));
      }
    }
  }

  /** Notes that the request or the response of a stream has made progress. */
  void progress(Http2ClientStream stream) {
    stream.since = times.now();
    times.look(times.deadline(stream));
  }

  /** Notes that a request has ended, so that its place is free. */
  void requestEnded() {
    if (!gone) {
      owner.idle(this);
    }
  }

  /* ------ Responses ------ */

  /** Notes that all of a response has arrived. */
  void endOfResponse(Http2ClientStream stream, Headers trailers) {
    ClientExchange exchange = stream.exchange;
    if (exchange.isWritten()) {
      close(stream, StreamState.ENDED);
    } else {
      output.reset(stream.id(), ErrorCode.NO_ERROR); // The rest is of no use.
      close(stream, StreamState.RESET_HERE);
      stream.closeContent(null);
      exchange.releaseBody();
    }
    requestEnded(); // First, so that the next request can be sent here after the response.
    responses.end(stream, trailers);
  }

  /** Notes that the server has reset a stream. */
  void resetByPeer(Http2ClientStream stream, ErrorCode code) {
    counts.resetByPeer(code);
    close(stream, StreamState.RESET_BY_PEER);
    Failure why = stream.resetBy(code);
    stream.exchange.requiresHttp1 |= code == ErrorCode.HTTP_1_1_REQUIRED;
    fail(stream, code == ErrorCode.REFUSED_STREAM ? refused(stream, why) : why);
  }

  private Throwable refused(Http2ClientStream stream, Throwable why) {
    counts.refused();
    return requests.unprocessed(stream.exchange, why);
  }

  private void close(Http2ClientStream stream, StreamState reason) {
    streams.close(stream, reason);
    output.closed(stream);
    frames.closed(stream);
  }

  private void fail(Http2ClientStream stream, Throwable why) {
    requestEnded(); // First, so that the next request can be sent here.
    stream.fail(why);
  }

  /** Resets a stream, which may be closed. */
  void reset(int id, ErrorCode code, Throwable why) {
    output.reset(id, code);
    Http2ClientStream stream = streams.get(id);
    if (stream == null) {
      streams.resetAgain(id);
      return;
    }
    close(stream, StreamState.RESET_HERE);
    fail(stream, why);
  }

  /** How many streams are open. */
  int openStreams() {
    return streams.size();
  }

  /* ------ Control ------ */

  /** Notes that the server's settings have changed. */
  void settingsChanged() {
    if (places.resize(peer.maxStreams())) {
      owner.changed(this);
    }
  }

  /** Notes that the server has answered a ping. */
  void isAlive() {
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
    if (!told) {
      told = true;
      counts.endedByPeer(code);
    }
    if (code == ErrorCode.HTTP_1_1_REQUIRED) {
      requests.requireHttp1();
    }
    leave(why);
    for (Http2ClientStream stream : streams.all()) {
      if (stream.id() > lastStream) {
        close(stream, StreamState.RESET_BY_PEER);
        fail(stream, refused(stream, why));
      }
    }
  }

  /** Takes no more requests. */
  void leave(Failure why) {
    whyLeaving = why;
    if (!places.areClosed()) {
      places.close();
      owner.changed(this);
    }
    requests.failWaiting(why);
  }

  private void checkTimes() {
    long now = times.now();
    if (times.isSettingsLate(now)) {
      output.goAway(ErrorCode.SETTINGS_TIMEOUT, "no ACK of the settings");
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
        suspend();
        reset(stream.id(), ErrorCode.CANCEL, times.failure(stream));
      }
    }
  }

  /** Takes no requests before the server has answered a ping: perhaps the connection is dead. */
  private void suspend() {
    if (places.areSuspended()) {
      return; // Many requests may be late at a time, and many pings are abuse.
    }
    places.suspend();
    if (!times.isAsked()) {
      ping();
    }
  }

  private void ping() {
    output.writer.ping(requests.nextId(), false);
    times.pinged(requests.nextId());
  }

  /* ------ The end ------ */

  @Override
  protected void broken(Throwable thrown) {
    endNow(thrown);
    requests.refuseSubmitted(new Failure(DISCONNECTED));
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
    if (begun) {
      counts.over();
    }
    places.close();
    times.stop();
    output.close();
    output.writer.flush();
    channel.closeAfterWrites();
    owner.gone(this);
    Throwable told = serversError == null ? why : new Failure(serversError.getMessage(), why);
    for (Http2ClientStream stream : streams.all()) {
      close(stream, StreamState.RESET_HERE);
      stream.fail(told);
    }
    requests.failWaiting(why);
    releaseHeld();
    disconnected.set(null);
  }

  @Override
  public String toString() {
    return "Connection to " + channel.remote();
  }
}
