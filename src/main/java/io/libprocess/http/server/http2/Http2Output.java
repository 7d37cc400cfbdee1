package io.libprocess.http.server.http2;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.Version;
import io.libprocess.http.channel.ServedFile;
import io.libprocess.http.exchange.ServerContext;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.grpc.GrpcAnswers;
import io.libprocess.http.grpc.PingStrikes;
import io.libprocess.http.http1.OutgoingFields;
import io.libprocess.http.http1.RequestParser;
import io.libprocess.http.http1.ResponseFraming;
import io.libprocess.http.http2.AbuseGuard;
import io.libprocess.http.http2.OutgoingContent;
import io.libprocess.http.http2.StreamOutput;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.message.ResponseHeads;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.net.Transport;

/**
 * Writes the responses of one connection, as they come: heads at once, since flow control does not
 * apply to them, and bodies frame by frame as the windows of the client allow. Used by the thread
 * that works on the connection.
 *
 * <p>Output is kept until the thread has served its event, or nothing more is expected, so that the
 * answers to a batch of requests leave together.
 */
final class Http2Output extends StreamOutput<Http2Stream> {

  private static final int PROGRESS = 16 << 10; // Bytes of a body that the client has to take.

  final PingStrikes pings = new PingStrikes();
  private AbuseGuard guard; // Is notified of what is sent.
  private final ResponseHeads heads;
  private final ServerContext server;
  private final Http2Connection connection;
  private final Transport.Channel channel;
  private final MemoryBudget.Share queued; // For output that the client has not taken.

  private boolean flushPlanned;
  private volatile boolean turnEnded;

  Http2Output(
      ServerContext server,
      Http2Connection connection,
      Transport.Channel channel,
      PeerSettings peer) {
    this(server, connection, channel, peer, new ResponseHeads());
  }

  private Http2Output(
      ServerContext server,
      Http2Connection connection,
      Transport.Channel channel,
      PeerSettings peer,
      ResponseHeads heads) {
    super(connection, peer, heads, server.clock(), server.limits());
    this.heads = heads;
    this.server = server;
    this.connection = connection;
    this.channel = channel;
    this.queued = server.memory().share();
  }

  void guard(AbuseGuard notified) {
    guard = notified;
  }

  /* ------ Control ------ */

  @Override
  public void reset(int stream, ErrorCode code) {
    server.http2Counts().reset(code);
    super.reset(stream, code);
  }

  @Override
  protected void cut() {
    connection.cut();
  }

  @Override
  protected boolean isAlone() {
    return connection.openStreams() <= 1;
  }

  @Override
  protected void wasShut(boolean ofConnection, long nanos) {
    server.http2Counts().wasShut(ofConnection, nanos);
  }

  /* ------ Heads ------ */

  /** Asks the client for the body of a request. */
  void putContinue(Http2Stream stream) {
    stream.awaitsContinue = false;
    heads.putContinue(writer.beginHeaders(stream.id()));
    writer.endHeaders(false, peer.maxFrame());
  }

  /** Writes the head of the response that a stream has, and has its body written. */
  void begin(Http2Stream stream) {
    begin(stream, stream.exchange.response(), stream.exchange.file());
  }

  private void begin(Http2Stream stream, Response response, ServedFile file) {
    boolean isHead = stream.exchange.isHead();
    long length =
        file != null && !ResponseFraming.hasNoContent(response)
            ? file.left()
            : ResponseFraming.length(response, isHead);
    ResponseFraming framing = ResponseFraming.of(response, length, Version.HTTP_1_1);
    boolean sendsBody =
        !isHead && framing != ResponseFraming.BODILESS && !ResponseFraming.hasNoContent(response);
    OutgoingContent content = content(stream, response, file, length, sendsBody);
    if (content != null && content.failure() instanceof Http2Exception reset) {
      content.close(reset);
      failed(stream, reset);
      return;
    }
    if (content != null && content.failure() != null) { // Nothing has been sent.
      Throwable failure = content.failure();
      content.close(failure);
      begin(stream, stream.exchange.failed(failure), null);
      return;
    }
    if (stream.isContinueDue()) {
      putContinue(stream); // The body may be the request's own.
    }
    Future<Headers> trailers = sendsBody ? response.trailers() : RequestParser.NO_TRAILERS;
    boolean end = content == null && hasNone(trailers);
    heads.put(
        writer.beginHeaders(stream.id()),
        response,
        server.date(),
        stated(response, framing, length));
    writer.endHeaders(end, peer.maxFrame());
    pings.sent();
    stream.headSent = true;
    stream.movedAt = server.time();
    response
        .headers()
        .first("Priority")
        .ifPresent(value -> prioritize(stream, stream.priority().changed(value)));
    if (OutgoingFields.askToClose(response.headers())) {
      connection.drain();
    }
    if (end) {
      connection.answered(stream);
    } else {
      stream.begin(content, trailers);
      goOn(stream);
    }
  }

  /**
   * Makes the content of a response from its body or file, or gives these up if they are not sent.
   *
   * @return null if there is none
   */
  private OutgoingContent content(
      Http2Stream stream, Response response, ServedFile file, long length, boolean sendsBody) {
    if (response.body() instanceof Body.Streamed streamed) {
      if (sendsBody) {
        return OutgoingContent.of(streamed, length, channel, stream);
      }
      streamed.refuse();
    } else if (file != null) {
      if (sendsBody && file.left() > 0) {
        return OutgoingContent.of(file);
      }
      file.close();
    } else if (sendsBody
        && response.body() instanceof Body.Bytes bytes
        && !bytes.content().isEmpty()) {
      return OutgoingContent.of(bytes.content().retain()); // May be sent again.
    }
    return null;
  }

  /** The length that is stated in the head. */
  private static long stated(Response response, ResponseFraming framing, long length) {
    return switch (framing) {
      case LENGTH ->
          length == 0 && GrpcAnswers.isTrailersOnly(response) ? ContentLength.UNKNOWN : length;
      case BODILESS ->
          response.status().equals(Status.NOT_MODIFIED)
              ? ContentLength.parse(response.headers().first("Content-Length", ""))
              : ContentLength.UNKNOWN;
      default -> ContentLength.UNKNOWN;
    };
  }

  @Override
  protected void written(Http2Stream stream) {
    connection.answered(stream);
  }

  @Override
  protected void failed(Http2Stream stream, Throwable failure) {
    if (failure instanceof Http2Exception reset) { // The handler wants it so.
      connection.failed(stream, reset.code(), failure);
    } else {
      Log.warning("The answer to " + stream + " failed", failure);
      connection.failed(stream, ErrorCode.INTERNAL_ERROR, failure);
    }
  }

  @Override
  protected void lost(Throwable failure) {
    connection.broken(failure);
  }

  @Override
  protected void sent(Http2Stream stream, int size) {
    if (size > 0) {
      guard.dataSent();
      pings.sent();
      stream.moved += size;
    }
    if (size == 0 || stream.moved >= PROGRESS) { // It has moved, or does not wait for the client.
      stream.moved = 0;
      stream.movedAt = server.time();
    }
  }

  /* ------ The end of a round ------ */

  /**
   * Writes as much as possible.
   *
   * @param expectsMore whether there are requests without an answer
   */
  void advance(boolean expectsMore) {
    writeBodies();
    if (turnEnded || !expectsMore) {
      turnEnded = false;
      flushPlanned = false;
      writer.flush();
    } else if (!writer.isEmpty() && !flushPlanned) {
      flushPlanned = true;
      RunLoop.atEnd(this::endTurn);
    }
    queued.resize(channel.queued());
  }

  private void endTurn() {
    turnEnded = true;
    connection.ask();
  }

  /** Notes that the connection is gone: releases what was held for it. */
  @Override
  public void close() {
    super.close();
    queued.close();
  }
}
