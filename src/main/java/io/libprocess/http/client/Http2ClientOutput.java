package io.libprocess.http.client;

import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.http1.RequestEncoder;
import io.libprocess.http.http2.OutgoingContent;
import io.libprocess.http.http2.StreamOutput;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.frame.Preface;
import io.libprocess.http.http2.message.RequestHeads;
import io.libprocess.net.Transport;

/**
 * Writes the requests of one connection: heads at once, since flow control does not apply to them,
 * and bodies frame by frame as the windows of the server allow. Used by the thread that works on
 * the connection.
 */
final class Http2ClientOutput extends StreamOutput<Http2ClientStream> {

  private static final int FRAME = PeerSettings.LEAST_FRAME;

  final RequestHeads heads;
  private final Http2ClientConnection connection;
  private final Transport.Channel channel;

  Http2ClientOutput(
      Http2ClientConnection connection,
      Transport.Channel channel,
      PeerSettings peer,
      String authority) {
    this(connection, channel, peer, new RequestHeads(channel.tls().isPresent(), authority));
  }

  private Http2ClientOutput(
      Http2ClientConnection connection,
      Transport.Channel channel,
      PeerSettings peer,
      RequestHeads heads) {
    super(connection, peer, heads);
    this.connection = connection;
    this.channel = channel;
    this.heads = heads;
  }

  /** Sends the preface and the settings of this side. */
  void begin(Limits limits) {
    channel.write(Preface.start(Preface.LENGTH));
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
    stream.exchange.begun = true;
    heads.put(writer.beginHeaders(stream.id()), request, RequestEncoder.statedLength(request));
    boolean end = !stream.exchange.hasBody() && hasNone(request.trailers());
    writer.endHeaders(end, peer.maxFrame());
    if (end) {
      written(stream);
    } else if (!stream.exchange.awaitsContinue) {
      startBody(stream);
    }
  }

  @Override
  protected void written(Http2ClientStream stream) {
    stream.exchange.written = true;
    connection.progress(stream);
  }

  @Override
  protected void failed(Http2ClientStream stream, Throwable failure) {
    connection.reset(stream.id(), ErrorCode.CANCEL, failure);
  }

  /** Begins with the body of a request. */
  void startBody(Http2ClientStream stream) {
    Request request = stream.exchange.request;
    if (request.body() instanceof Body.Streamed streamed) {
      stream.content =
          OutgoingContent.of(streamed, RequestEncoder.length(request), channel, stream);
    } else if (stream.exchange.hasBody()) {
      stream.content = OutgoingContent.of(stream.exchange.bytes().retain());
    }
    goOn(stream);
  }

  /** Goes on with a request whose body was begun. */
  void goOn(Http2ClientStream stream) {
    if (stream.content != null) {
      order.add(stream);
      connection.progress(stream);
    } else if (!stream.exchange.written) {
      putTrailers(stream, stream.exchange.request.trailers());
    }
  }

  /** Writes as much as possible. */
  void advance() {
    writeBodies();
    writer.flush();
  }

  @Override
  protected int writeFrame(Http2ClientStream stream) {
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
    int size = Math.min(Math.min(available, FRAME), open);
    boolean last = size == available && content.isLast();
    if (size == 0 && !last) {
      return 0; // A piece has to come, or the server has to open the window.
    }
    boolean end = last && hasNone(stream.exchange.request.trailers());
    writer.dataHeader(stream.id(), size, end);
    window.send(size);
    stream.send.send(size);
    if (size > 0) {
      content.send(size, writer);
    }
    connection.progress(stream);
    if (!last) {
      order.add(stream);
      return size;
    }
    stream.content = null;
    if (end) {
      written(stream);
    } else {
      putTrailers(stream, stream.exchange.request.trailers());
    }
    return size;
  }
}
