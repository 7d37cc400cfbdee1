package io.libprocess.http.server.http2;

import io.libprocess.http.channel.ChannelTask;
import io.libprocess.http.exchange.ClientGone;
import io.libprocess.http.exchange.Exchange;
import io.libprocess.http.exchange.ServedConnection;
import io.libprocess.http.exchange.ServerContext;
import io.libprocess.http.exchange.ServerDeadlines.Phase;
import io.libprocess.http.http2.AskedStreams;
import io.libprocess.http.http2.CipherRule;
import io.libprocess.http.http2.StreamState;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.frame.AbuseRule;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.frame.Preface;
import io.libprocess.internal.Log;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One connection of the server that speaks HTTP/2: has frames read, requests started and responses
 * written, and ends the streams and itself.
 *
 * <p><b>Threads.</b> As for HTTP/1.1: all work is done by one thread at a time.
 *
 * <p><b>Reading.</b> Frames are read whatever the handlers, the readers of bodies and the output
 * do: updates of windows, resets and pings must get through. What is held is bounded by the windows
 * of the streams.
 *
 * <p><b>The end.</b> {@link Http2Closing} has the steps by which a connection takes leave.
 */
public final class Http2Connection extends ChannelTask
    implements ServedConnection, ServedConnection.Unanswered {

  /** About what a silent connection takes, in bytes, beside what its channel counts. */
  private static final int COST = 4 << 10;

  private final ServerContext server;
  private final StreamTable<Http2Stream> streams;
  private final Http2Requests requests;
  private final Http2Output output;
  private final Http2Windows windows;
  private final Http2Frames frames;
  private final Http2Times times;
  private final Http2Closing closing;
  private final Http2Lateness lateness;

  // Notes for work().
  final AskedStreams<Http2Stream> asked = new AskedStreams<>();
  private volatile long arrivedAt; // When the last bytes arrived, in milliseconds.
  private volatile boolean disconnected;
  private volatile IOException why; // Why it was disconnected; null if not known.
  private volatile boolean timeIsUp; // The times have to be looked at.
  private volatile boolean aborted; // The connection has to end now.

  // Used only by work().
  private boolean begun; // The first frames have been sent.
  private boolean cutOff; // Nothing more will arrive.
  private boolean released; // Everything has been given up.
  private int prefaceSeen; // How many octets of the preface have arrived.
  private int noted; // The last stream that the times know of.

  /** Makes a connection on which nothing has arrived. */
  public Http2Connection(ServerContext server, Transport.Channel channel) {
    super(channel);
    PeerSettings peer = new PeerSettings();
    this.server = server;
    this.streams = new StreamTable<>(server::time);
    this.output = new Http2Output(server, this, channel, peer);
    this.requests = new Http2Requests(server, channel, output.pings);
    this.windows = new Http2Windows(server, output, streams);
    this.frames = new Http2Frames(server, this, streams, requests, output, windows, peer);
    this.times = new Http2Times(server);
    this.closing = new Http2Closing(output.writer, times, server.http2Counts());
    this.lateness = new Http2Lateness(this, streams, times, frames, output, windows);
    server.http2Counts().begun();
  }

  /* ------ Events ------ */

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
    return new Look(requests.isFromNode() ? "NODE" : "PLAIN", channel.remote(), this, arrivedAt);
  }

  @Override
  public void forEachUnanswered(Consumer<Exchange> look) {
    streams.forEach(
        stream -> {
          Http2Exchange exchange = stream.exchange;
          if (exchange != null && exchange.response() == null) {
            look.accept(exchange);
          }
        });
  }

  @Override
  public void accepted() {
    ask();
  }

  @Override
  public void abort() {
    aborted = true;
    ask();
  }

  @Override
  public void drain() {
    closing.ask();
    ask();
  }

  @Override
  public void checkTime() {
    if (times.takesNothing(channel.queued())) {
      exceeded(AbuseRule.OUTPUT_TIME, "it ends: the client takes no output");
      channel.close();
    } else if (times.isDue()) {
      timeIsUp = true;
      ask();
    }
  }

  @Override
  public boolean isExpendable() {
    return times.isIdle();
  }

  /** When the last bytes arrived, in milliseconds. */
  long arrivedAt() {
    return arrivedAt;
  }

  /* ------ Work ------ */

  @Override
  protected void advance() {
    if (disconnected || closing.isGone()) {
      release();
      asked.takeAll(this::look); // The readers of bodies that have arrived may still want them.
      return;
    }
    if (aborted) {
      endNow();
      return;
    }
    if (!begun) {
      begun = true;
      frames.begin();
      times.settingsSent();
      if (channel.tls().filter(CipherRule::excludes).isPresent()) {
        fail(Http2Exception.connection(ErrorCode.INADEQUATE_SECURITY, "the cipher is too weak"));
      }
    }
    takeArrived();
    if (frames.holdTooMuch(server.memory())) {
      fail(Http2Exception.connection(ErrorCode.ENHANCE_YOUR_CALM, Exchange.NO_MEMORY.getMessage()));
      output.writer.flush();
      channel.close(); // It would take memory as long as the client goes on.
    }
    requests.start();
    if (isLastFed() && !cutOff) {
      cutOff();
    }
    asked.takeAll(this::look);
    requests.start(); // Places may have become free.
    windows.goOn();
    if (timeIsUp) {
      timeIsUp = false;
      checkTimes();
    }
    closing.advance();
    output.advance(!streams.isEmpty());
    if (closing.isGone() || (closing.isLast() || cutOff) && streams.isEmpty()) {
      end();
      return;
    }
    noteRound();
    input.pause(false);
  }

  private void noteRound() {
    countHeld(COST + frames.held() + requests.held() + (windows.bodies() > 0 ? windows.held() : 0));
    Phase phase =
        frames.isInsideBlock()
            ? Phase.HEAD
            : streams.isEmpty() ? Phase.IDLE : cutOff ? Phase.LEFT : Phase.BLOCKED;
    times.note(phase, noted != frames.last(), !streams.isEmpty());
    noted = frames.last();
  }

  /** Looks at everything that can have changed about a stream. */
  private void look(Http2Stream stream) {
    if (stream.exchange != null) {
      requests.look(stream.exchange);
    }
    if (stream.body != null) {
      stream.body.advance();
    }
    if (stream.isClosed()) {
      return;
    }
    windows.credit(stream);
    if (stream.headSent) {
      output.goOn(stream);
    } else if (stream.exchange.response() != null) {
      output.begin(stream);
    } else if (stream.isContinueDue()) {
      output.putContinue(stream);
    }
  }

  /** Feeds the frames with what follows the preface. */
  @Override
  protected void feed(byte[] bytes) {
    int from = 0;
    while (prefaceSeen < Preface.LENGTH && from < bytes.length && !closing.isGone()) {
      if (!Preface.continues(prefaceSeen++, bytes[from++])) {
        closing.gone();
      }
    }
    if (from < bytes.length && !closing.isGone()) {
      frames.feed(from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length));
    }
  }

  @Override
  protected boolean parse() {
    while (!closing.isGone()) {
      try {
        if (!frames.parse()) {
          return true;
        }
      } catch (Http2Exception e) {
        handle(e);
      }
    }
    return true;
  }

  /* ------ Ends of streams ------ */

  private void close(Http2Stream stream, StreamState reason) {
    streams.close(stream, reason);
    requests.closed(stream);
    windows.closed(stream);
    output.closed(stream);
  }

  /** Resets the stream of an error, or ends the connection for it. */
  private void handle(Http2Exception error) {
    Http2Stream stream = streams.get(error.stream());
    try {
      if (error.stream() == 0) {
        throw error;
      }
      if (stream == null) {
        resetClosed(error);
      } else {
        frames.chargeReset(stream);
        reset(stream, error.code(), new IOException(error.getMessage()));
      }
    } catch (Http2Exception worse) {
      fail(worse);
    }
  }

  /** Resets a stream that is not open, unless that was done before. */
  private void resetClosed(Http2Exception error) throws Http2Exception {
    StreamState state = streams.state(error.stream());
    if (state == StreamState.IDLE) { // It must not be reset.
      throw Http2Exception.connection(error.code(), error.getMessage());
    }
    if (state != StreamState.RESET_HERE) {
      output.reset(error.stream(), error.code());
      streams.resetAgain(error.stream());
    }
    frames.chargeOddity("frames on closed streams");
  }

  /** Resets a stream, and gives up its request. */
  void reset(Http2Stream stream, ErrorCode code, Throwable failure) {
    output.reset(stream.id(), code);
    close(stream, StreamState.RESET_HERE);
    stream.abandon(failure);
  }

  /** Notes that the client has given up a stream. */
  void resetByPeer(Http2Stream stream, String reason) {
    close(stream, StreamState.RESET_BY_PEER);
    stream.abandon(new IOException(reason));
  }

  /** Notes that the exchange of a stream that has ended was given up. */
  void gaveUp(Http2Exchange exchange) {
    requests.gaveUp(exchange);
  }

  /** Notes that a response has failed, and resets its stream. */
  void failed(Http2Stream stream, ErrorCode code, Throwable failure) {
    reset(stream, code, failure);
  }

  /** Notes that a response has been written to its end. */
  void answered(Http2Stream stream) {
    stream.exchange.finish();
    if (!stream.isOpen()) {
      close(stream, StreamState.ENDED);
      return;
    }
    output.reset(stream.id(), ErrorCode.NO_ERROR);
    close(stream, StreamState.RESET_HERE);
    if (stream.body != null) {
      stream.body.dismiss(new IOException("the response was complete before the request"));
    }
  }

  /* ------ The end of the connection ------ */

  /** Ends the connection because the client has broken a rule. */
  void fail(Http2Exception error) {
    output.writer.goAway(frames.last(), error.code(), error.getMessage());
    server.http2Counts().ended(error.code());
    closing.gone();
    dropAll(new IOException(error.code() + ": " + error.getMessage()));
    if (error.rule() != null) {
      exceeded(error.rule(), "it ends: " + error.getMessage());
    } else {
      Log.debug(() -> "The connection to " + channel.remote() + " ends: " + error.getMessage());
    }
  }

  /** Counts and logs that the client has exceeded a limit. */
  void exceeded(AbuseRule rule, String consequence) {
    server
        .http2Counts()
        .exceeded(
            rule,
            () -> "The client of the connection to " + channel.remote() + ": " + consequence,
            server.now());
  }

  /** Hands over the last output, and closes. */
  private void end() {
    closing.gone();
    output.writer.flush();
    channel.closeAfterWrites();
    release();
  }

  /** Ends the connection although requests are unanswered, and tells the client so. */
  private void endNow() {
    boolean isTaken = channel.queued() == 0;
    for (Http2Stream stream : streams.all()) {
      reset(stream, ErrorCode.CANCEL, new IOException("the server ends the connection"));
    }
    output.writer.goAway(frames.last(), ErrorCode.NO_ERROR, "");
    server.http2Counts().ended(ErrorCode.NO_ERROR);
    end();
    if (!isTaken) {
      channel.close(); // The client may never take the rest.
    }
  }

  /** Cuts the connection because its client takes no output. */
  void cut() {
    exceeded(AbuseRule.CONTROL_FRAMES, "it ends: the client takes no control frames");
    broken(new IOException("the client takes no control frames"));
  }

  /** Cuts the connection because its client has gone without a word. */
  void died(IOException sign) {
    why = sign;
    broken(sign);
  }

  @Override
  protected void broken(Throwable thrown) {
    disconnected = true;
    channel.close();
  }

  /** Gives up everything. Idempotent. */
  private void release() {
    closing.gone();
    if (released) {
      return;
    }
    released = true;
    server.http2Counts().over();
    if (requests.isFromNode()) {
      server.nodes().closed(channel.remote().inet().orElse(null));
    }
    try {
      dropAll(ClientGone.because(why));
      requests.close();
    } finally { // Whatever that throws, for instance for lack of memory.
      frames.close();
      windows.close();
      output.close();
      releaseHeld();
    }
  }

  private void dropAll(IOException failure) {
    requests.clear();
    for (Http2Stream stream : streams.all()) {
      try {
        close(stream, StreamState.RESET_HERE);
        stream.abandon(failure);
      } catch (Throwable thrown) { // The others must be given up nevertheless.
        ClientGone.ignored(thrown);
      }
    }
  }

  /**
   * Notes that nothing more will arrive: what is incomplete will never be complete. A client that
   * has only ended its side takes the ping, but the system of one that has gone answers it with a
   * reset, so that its requests are not kept until they have been idle for long.
   */
  private void cutOff() {
    cutOff = true;
    for (Http2Stream stream : streams.all()) {
      if (stream.isOpen()) {
        resetByPeer(stream, ClientGone.MESSAGE);
      }
    }
    if (!streams.isEmpty()) {
      output.writer.ping(Http2Times.ALIVE, false);
    }
  }

  /** Accepts no more requests, if the client has been told that this will happen. */
  void leaveNow() {
    closing.leaveNow(frames.last());
  }

  /** Whether requests are accepted. */
  boolean accepts() {
    return closing.accepts();
  }

  /** How many streams are open. */
  int openStreams() {
    return streams.size();
  }

  void settingsAcked() {
    times.settingsAcked();
  }

  private void checkTimes() {
    if (times.isSettingsLate()) {
      if (frames.isFirst()) {
        closing.gone();
      } else {
        fail(Http2Exception.connection(ErrorCode.SETTINGS_TIMEOUT, "no ACK of the settings"));
      }
    } else if (times.isOverdue()) {
      if (frames.isInsideBlock()) {
        fail(Http2Exception.calm(AbuseRule.HEAD_TIME, "a head came too slowly"));
      } else if (cutOff) {
        closing.gone(); // The client seems to have gone.
      } else {
        closing.ask();
      }
    } else if (times.isOld()) {
      closing.ask();
    }
    if (times.isLeavingOver()) {
      leaveNow();
    }
    if (!streams.isEmpty()) {
      lateness.check();
    }
  }
}
