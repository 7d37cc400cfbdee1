package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.http1.OutgoingStream;
import io.libprocess.http.http1.RequestEncoder;
import io.libprocess.http.http2.ErrorCode;
import io.libprocess.http.http2.FrameWriter;
import io.libprocess.http.http2.OutgoingContent;
import io.libprocess.http.http2.OutputOrder;
import io.libprocess.http.http2.PeerSettings;
import io.libprocess.http.http2.Preface;
import io.libprocess.http.http2.SendWindow;
import io.libprocess.http.http2.message.RequestHeads;
import io.libprocess.net.Transport;

/**
 * Writes the requests of one connection: heads at once, since flow control does not apply to them,
 * and bodies frame by frame as the windows of the server allow. Used by the thread that works on
 * the connection.
 */
final class Http2ClientOutput {

  private static final int FRAME = PeerSettings.LEAST_FRAME;

  /** The most bytes of bodies written in one go; others must be served as well. */
  private static final int MOST_AT_ONCE = 256 << 10;

  final FrameWriter writer;
  final RequestHeads heads;
  final SendWindow window = new SendWindow(PeerSettings.INITIAL_WINDOW);
  private final Http2ClientConnection connection;
  private final Transport.Channel channel;
  private final PeerSettings peer;
  private final OutputOrder<Http2ClientStream> order = new OutputOrder<>();
  private volatile boolean resumed; // Wrote the most; the channel will run the connection again.

  Http2ClientOutput(
      Http2ClientConnection connection,
      Transport.Channel channel,
      PeerSettings peer,
      String authority) {
    this.connection = connection;
    this.channel = channel;
    this.peer = peer;
    this.writer = new FrameWriter(channel);
    this.heads = new RequestHeads(channel.tls().isPresent(), authority);
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
    boolean end = !stream.exchange.hasBody() && hasNoTrailers(request);
    writer.endHeaders(end, peer.maxFrame());
    if (end) {
      written(stream);
    } else if (!stream.exchange.awaitsContinue) {
      startBody(stream);
    }
  }

  private void written(Http2ClientStream stream) {
    stream.exchange.written = true;
    connection.progress(stream);
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

  private static boolean hasNoTrailers(Request request) {
    Future<Headers> trailers = request.trailers();
    return trailers.isReady() && trailers.get().isEmpty();
  }

  /** Goes on with a request whose body was begun. */
  void goOn(Http2ClientStream stream) {
    if (stream.content != null) {
      order.add(stream);
      connection.progress(stream);
    } else if (!stream.exchange.written) {
      putTrailers(stream);
    }
  }

  private void putTrailers(Http2ClientStream stream) {
    Future<Headers> trailers = stream.exchange.request.trailers();
    if (trailers.isReady()) {
      if (trailers.get().isEmpty()) {
        writer.dataHeader(stream.id(), 0, true);
      } else {
        heads.putTrailers(writer.beginHeaders(stream.id()), trailers.get());
        writer.endHeaders(true, peer.maxFrame());
      }
      written(stream);
    } else if (!trailers.isPending() || trailers.isAbandoned()) {
      connection.reset(
          stream.id(),
          ErrorCode.CANCEL,
          trailers.isFailed() ? trailers.failure() : new Failure("the trailers were given up"));
    } else if (!stream.awaitsTrailers) {
      stream.awaitsTrailers = true;
      trailers.onAny(done -> stream.ask()).onAbandoned(stream::ask);
    }
  }

  /** Writes as much as possible. */
  void advance() {
    writeBodies();
    writer.flush();
  }

  private void writeBodies() {
    int written = 0;
    while (!order.isEmpty()
        && !resumed
        && window.open() > 0
        && channel.queued() <= OutgoingStream.HIGH_WATER) {
      if (written >= MOST_AT_ONCE) {
        resumed = true;
        channel.execute(this::resume);
        return;
      }
      Http2ClientStream stream = order.poll();
      if (stream.content != null) {
        written += writeFrame(stream);
      }
    }
  }

  private void resume() {
    resumed = false;
    connection.ask();
  }

  /** Writes a frame of a body, and returns its size. */
  private int writeFrame(Http2ClientStream stream) {
    OutgoingContent content = stream.content;
    int available = content.available();
    if (content.failure() != null) {
      connection.reset(stream.id(), ErrorCode.CANCEL, content.failure());
      return 0;
    }
    int open = Math.min(window.open(), stream.send.open());
    int size = Math.min(Math.min(available, FRAME), open);
    boolean last = size == available && content.isLast();
    if (size == 0 && !last) {
      return 0; // A piece has to come, or the server has to open the window.
    }
    boolean end = last && hasNoTrailers(stream.exchange.request);
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
      putTrailers(stream);
    }
    return size;
  }
}
