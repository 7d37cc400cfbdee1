package io.libprocess.http.server;

import io.libprocess.http.Body;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.Version;
import io.libprocess.http.channel.ServedFile;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.grpc.PingStrikes;
import io.libprocess.http.http1.OutgoingFields;
import io.libprocess.http.http1.RequestParser;
import io.libprocess.http.http1.ResponseFraming;
import io.libprocess.http.http2.AbuseGuard;
import io.libprocess.http.http2.OutgoingContent;
import io.libprocess.http.http2.Priority;
import io.libprocess.http.http2.StreamOutput;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.message.ResponseHeads;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.net.Transport;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the responses of one connection, as they come: heads at once, since flow control does not
 * apply to them, and bodies frame by frame as the windows of the client allow. Used by the thread
 * that works on the connection.
 *
 * <p>Bodies are read only while little output waits for the client, so a client that does not read
 * costs little, whatever its windows allow. Output is kept until the thread has served its event,
 * or nothing more is expected, so that the answers to a batch of requests leave together.
 */
final class Http2Output extends StreamOutput<Http2Stream> {

  /** The largest frame of DATA while other streams have something to send. */
  private static final int FRAME = PeerSettings.LEAST_FRAME;

  /** The largest frame otherwise. */
  private static final int LARGE_FRAME = 64 << 10;

  /** A smaller frame waits for a larger window. */
  private static final int LEAST_FRAME = 1 << 10;

  private static final long NO_BODY = -2; // As a length: no body is sent.

  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** How many control frames may wait for a client that takes no output. */
  private static final int MOST_CONTROL = 1000;

  final PingStrikes pings = new PingStrikes();
  private AbuseGuard guard; // Is notified of what is sent.
  final ResponseHeads heads;
  private final HttpServer server;
  private final Http2Connection connection;
  private final Transport.Channel channel;
  private final MemoryBudget.Share queued; // For output that the client has not taken.

  private final List<Http2Stream> small = new ArrayList<>(0); // Wait for larger windows.
  private Timer patience; // Null unless some wait.
  private volatile boolean impatient; // They have waited long enough.
  private int control; // Control frames since all output was taken.
  private boolean flushPlanned;
  private volatile boolean turnEnded;

  Http2Output(
      HttpServer server, Http2Connection connection, Transport.Channel channel, PeerSettings peer) {
    this(server, connection, channel, peer, new ResponseHeads());
  }

  private Http2Output(
      HttpServer server,
      Http2Connection connection,
      Transport.Channel channel,
      PeerSettings peer,
      ResponseHeads heads) {
    super(connection, peer, heads);
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

  /** Answers SETTINGS. */
  void acknowledge() {
    writer.settingsAck();
    countControl();
  }

  /** Answers PING. */
  void pong(long opaque) {
    writer.ping(opaque, true);
    countControl();
  }

  /** Resets a stream. */
  void reset(int stream, ErrorCode code) {
    server.http2Counts().reset(code);
    writer.rstStream(stream, code);
    countControl();
  }

  /** Cuts the connection if the client makes control frames due that it does not take. */
  private void countControl() {
    if (channel.queued() == 0) {
      control = 0;
    } else if (++control > MOST_CONTROL) {
      connection.cut();
    }
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
    Throwable failure = provide(stream, response, file, sendsBody ? length : NO_BODY);
    if (failure instanceof Http2Exception) {
      failed(stream, failure);
      return;
    }
    if (failure != null) { // Nothing has been sent.
      begin(stream, stream.exchange.failed(failure), null);
      return;
    }
    if (stream.isContinueDue()) {
      putContinue(stream); // The body may be the request's own.
    }
    stream.trailersToSend = sendsBody ? response.trailers() : RequestParser.NO_TRAILERS;
    boolean end = stream.content == null && hasNone(stream.trailersToSend);
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
    } else if (stream.content != null) {
      enqueue(stream);
    } else {
      putTrailers(stream);
    }
  }

  /**
   * Makes the content of a response from its body or file, or gives these up if they are not sent.
   *
   * @return the failure of a stream that has failed before its first piece; otherwise null
   */
  private Throwable provide(Http2Stream stream, Response response, ServedFile file, long length) {
    boolean sendsBody = length != NO_BODY;
    if (response.body() instanceof Body.Streamed streamed) {
      if (!sendsBody) {
        streamed.refuse();
        return null;
      }
      OutgoingContent content = OutgoingContent.of(streamed, length, channel, stream);
      if (content.failure() != null) {
        content.close(content.failure());
        return content.failure();
      }
      stream.content = content;
    } else if (file != null) {
      if (sendsBody && file.left() > 0) {
        stream.content = OutgoingContent.of(file);
      } else {
        file.close();
      }
    } else if (sendsBody && response.body() instanceof Body.Bytes bytes) {
      if (!bytes.content().isEmpty()) {
        stream.content = OutgoingContent.of(bytes.content().retain()); // May be sent again.
      }
    }
    return null;
  }

  /** The length that is stated in the head. */
  private static long stated(Response response, ResponseFraming framing, long length) {
    return switch (framing) {
      case LENGTH -> length;
      case BODILESS ->
          response.status().equals(Status.NOT_MODIFIED)
              ? ContentLength.parse(response.headers().first("Content-Length", ""))
              : ContentLength.UNKNOWN;
      default -> ContentLength.UNKNOWN;
    };
  }

  /** Writes the trailers after a body, once they are there. */
  void putTrailers(Http2Stream stream) {
    putTrailers(stream, stream.trailersToSend);
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

  /* ------ Bodies ------ */

  /** Has the body of a response written, as far as there is something to write. */
  void enqueue(Http2Stream stream) {
    order.add(stream);
  }

  /** Whether a body has something to send that the windows of the client do not allow. */
  boolean isHeldUp(Http2Stream stream) {
    return stream.content != null
        && stream.content.available() > 0
        && Math.min(window.open(), stream.send.open()) < LEAST_FRAME;
  }

  /** Goes on with a response whose head has been written. */
  void goOn(Http2Stream stream) {
    if (stream.content != null) {
      enqueue(stream);
    } else {
      putTrailers(stream);
    }
  }

  /** Changes the priority of a response. */
  void prioritize(Http2Stream stream, Priority priority) {
    order.change(stream, priority);
  }

  /** Goes on with a body whose window has changed. */
  void windowChanged(Http2Stream stream) {
    if (stream.content != null) {
      enqueue(stream);
    }
  }

  /** Has a stream wait for a larger window, but not for long. */
  private void await(Http2Stream stream) {
    small.add(stream);
    if (patience == null) {
      patience =
          server.timer(
              PATIENCE,
              () -> {
                impatient = true;
                connection.ask();
              });
    }
  }

  /** Goes on with the streams that have waited for larger windows. */
  private void goOnWithSmall(boolean sendsSmall) {
    for (Http2Stream stream : small) {
      stream.sendsSmall |= sendsSmall;
      windowChanged(stream);
    }
    small.clear();
  }

  /** Goes on after the window of the connection has become larger. */
  void windowChanged() {
    goOnWithSmall(false);
  }

  @Override
  protected int writeFrame(Http2Stream stream) {
    OutgoingContent content = stream.content;
    if (content == null) {
      return 0;
    }
    int available = content.available();
    if (content.failure() != null) {
      failed(stream, content.failure());
      return 0;
    }
    int open = Math.min(window.open(), stream.send.open());
    int most = order.isEmpty() ? Math.min(peer.maxFrame(), LARGE_FRAME) : FRAME;
    int size = Math.min(Math.min(available, most), open);
    boolean last = size == available && content.isLast();
    if (size == 0 && !last) {
      if (available == 0) {
        stream.movedAt = server.time(); // It does not wait for the client.
      }
      return 0; // A piece has to come, or the client has to open the window.
    }
    if (size < available && size == open && size < LEAST_FRAME && !stream.sendsSmall) {
      await(stream);
      return 0;
    }
    stream.sendsSmall = false;
    stream.moved += size;
    if (stream.moved >= FRAME) {
      stream.moved = 0;
      stream.movedAt = server.time();
    }
    boolean end = last && hasNone(stream.trailersToSend);
    if (size > 0 || end) {
      writer.dataHeader(stream.id(), size, end);
      guard.dataSent();
      pings.sent();
    }
    window.send(size);
    stream.send.send(size);
    if (size > 0 && !send(stream, size)) {
      return size;
    }
    if (!last) {
      enqueue(stream);
    } else {
      stream.content = null;
      if (end) {
        connection.answered(stream);
      } else {
        putTrailers(stream);
      }
    }
    return size;
  }

  private boolean send(Http2Stream stream, int size) {
    try {
      stream.content.send(size, writer);
      return true;
    } catch (UncheckedIOException e) { // Its frame was begun, so nothing else can be sent.
      connection.broken(new IOException("the file of the answer to " + stream + " failed", e));
      return false;
    }
  }

  /* ------ The end of a round ------ */

  /**
   * Writes as much as possible.
   *
   * @param expectsMore whether there are requests without an answer
   */
  void advance(boolean expectsMore) {
    if (impatient) {
      impatient = false;
      patience = null;
      goOnWithSmall(true);
    }
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
  void close() {
    if (patience != null) {
      patience.cancel();
    }
    queued.close();
  }
}
