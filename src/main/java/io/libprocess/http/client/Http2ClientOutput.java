package io.libprocess.http.client;

import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.http1.RequestEncoder;
import io.libprocess.http.http2.AbuseGuard;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.http.http2.OutgoingContent;
import io.libprocess.http.http2.StreamOutput;
import io.libprocess.http.http2.frame.AbuseRule;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.frame.Preface;
import io.libprocess.http.http2.message.RequestHeads;
import io.libprocess.time.Clock;
import java.io.IOException;

/**
 * Writes the requests of one connection: heads at once, since flow control does not apply to them,
 * and bodies frame by frame as the windows of the server allow. Used by the thread that works on
 * the connection.
 */
final class Http2ClientOutput extends StreamOutput<Http2ClientStream> {

  private final RequestHeads heads;
  private final Http2ClientConnection connection;
  private final Http2Counts counts;
  private AbuseGuard guard; // Is notified of what is sent.

  Http2ClientOutput(
      Http2ClientConnection connection,
      PeerSettings peer,
      String authority,
      Clock clock,
      Limits limits,
      Http2Counts counts) {
    this(
        connection,
        peer,
        new RequestHeads(connection.channel.tls().isPresent(), authority),
        clock,
        limits,
        counts);
  }

  private Http2ClientOutput(
      Http2ClientConnection connection,
      PeerSettings peer,
      RequestHeads heads,
      Clock clock,
      Limits limits,
      Http2Counts counts) {
    super(connection, peer, heads, clock, limits);
    this.connection = connection;
    this.counts = counts;
    this.heads = heads;
  }

  void guard(AbuseGuard notified) {
    guard = notified;
  }

  /** Sends the preface and the settings of this side. */
  void begin(Limits limits) {
    connection.channel.write(Preface.start(Preface.LENGTH));
    writer.settings(
        PeerSettings.ENABLE_PUSH,
        0,
        PeerSettings.INITIAL_WINDOW_SIZE,
        Http2ClientStream.WINDOW,
        PeerSettings.MAX_HEADER_LIST_SIZE,
        limits.head(),
        PeerSettings.NO_RFC7540_PRIORITIES,
        1);
  }

  /** Writes the head of a request, and has its body written. */
  void start(Http2ClientStream stream) {
    Request request = stream.exchange.request;
    stream.exchange.sent = ClientExchange.Sent.HEAD;
    counts.opened();
    guard.streamOpened();
    heads.put(writer.beginHeaders(stream.id()), request, RequestEncoder.statedLength(request));
    boolean end = !stream.exchange.hasBody() && hasNone(request.trailers());
    writer.endHeaders(end, peer.maxFrame());
    if (end) {
      written(stream);
    } else if (!stream.exchange.awaitsContinue) {
      startBody(stream);
    }
  }

  /** Begins with the body of a request. */
  void startBody(Http2ClientStream stream) {
    Request request = stream.exchange.request;
    stream.exchange.sent = ClientExchange.Sent.PART_OF_BODY;
    OutgoingContent content = null;
    if (request.body() instanceof Body.Streamed streamed) {
      content =
          OutgoingContent.of(streamed, RequestEncoder.length(request), connection.channel, stream);
    } else if (stream.exchange.hasBody()) {
      content = OutgoingContent.of(stream.exchange.bytes().retain());
    }
    stream.begin(content, request.trailers());
    goOn(stream);
  }

  /** Says that no more is received, and why. */
  void goAway(ErrorCode code, String text) {
    writer.goAway(0, code, text);
    counts.ended(code);
  }

  @Override
  public void reset(int stream, ErrorCode code) {
    counts.reset(code);
    super.reset(stream, code);
  }

  @Override
  protected void wasShut(boolean ofConnection, long nanos) {
    counts.wasShut(ofConnection, nanos);
  }

  /** Writes as much as possible. */
  void advance() {
    writeBodies();
    writer.flush();
  }

  @Override
  protected void written(Http2ClientStream stream) {
    stream.exchange.sent = ClientExchange.Sent.ALL;
    connection.progress(stream);
  }

  @Override
  protected void failed(Http2ClientStream stream, Throwable failure) {
    connection.reset(stream.id(), ErrorCode.CANCEL, failure);
  }

  @Override
  protected void sent(Http2ClientStream stream, int size) {
    if (size > 0) {
      guard.dataSent();
      connection.progress(stream);
    }
  }

  @Override
  protected void lost(Throwable failure) {
    connection.broken(failure);
  }

  @Override
  protected boolean isAlone() {
    return connection.openStreams() <= 1;
  }

  @Override
  protected void cut() {
    String why = "the server takes no control frames";
    connection.exceeded(AbuseRule.CONTROL_FRAMES, why);
    connection.broken(new IOException(why));
  }
}
