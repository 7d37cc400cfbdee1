package io.libprocess.http.http2;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.channel.ChannelTask;
import io.libprocess.http.http2.frame.FrameWriter;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.message.MessageHeads;
import io.libprocess.net.Transport;

/**
 * Writes bodies of streams frame by frame, as the windows of the peer and the channel allow, and
 * the trailers after them; for either side of a connection. Used by the thread that works on the
 * connection.
 *
 * @param <S> a stream
 */
public abstract class StreamOutput<S extends OpenStream> {

  /** The most bytes of bodies written in one go; others must be served as well. */
  private static final int MOST_AT_ONCE = 256 << 10;

  public final FrameWriter writer;

  /** How much the peer lets this side send on the connection. */
  public final SendWindow window = new SendWindow(PeerSettings.INITIAL_WINDOW);

  /** The settings of the peer. */
  protected final PeerSettings peer;

  /** The streams whose bodies have something to send, or may have. */
  protected final OutputOrder<S> order = new OutputOrder<>();

  private final ChannelTask connection;
  private final MessageHeads heads;
  private volatile boolean resumed; // Wrote the most; the channel will run the connection again.

  /** For subclasses. */
  protected StreamOutput(ChannelTask connection, PeerSettings peer, MessageHeads heads) {
    this.connection = connection;
    this.peer = peer;
    this.heads = heads;
    this.writer = new FrameWriter(connection.channel);
  }

  /** Writes a frame of the body that a stream may have, and returns the size of its content. */
  protected abstract int writeFrame(S stream);

  /** Notes that a message has been written to its end. */
  protected abstract void written(S stream);

  /** Gives up a message whose body or trailers have failed. */
  protected abstract void failed(S stream, Throwable failure);

  /** Whether it is known that nothing follows a body. */
  protected static boolean hasNone(Future<Headers> trailers) {
    return trailers.isReady() && trailers.get().isEmpty();
  }

  /** Writes the trailers after a body, once they are there. */
  protected final void putTrailers(S stream, Future<Headers> trailers) {
    if (trailers.isReady()) {
      if (trailers.get().isEmpty()) {
        writer.dataHeader(stream.id(), 0, true);
      } else {
        heads.putTrailers(writer.beginHeaders(stream.id()), trailers.get());
        writer.endHeaders(true, peer.maxFrame());
      }
      written(stream);
    } else if (!trailers.isPending() || trailers.isAbandoned()) {
      failed(
          stream,
          trailers.isFailed() ? trailers.failure() : new Failure("the trailers were given up"));
    } else if (!stream.awaitsTrailers) {
      stream.awaitsTrailers = true;
      trailers.onAny(done -> stream.ask()).onAbandoned(stream::ask);
    }
  }

  /** Writes as much of the bodies as may be written now. */
  protected final void writeBodies() {
    Transport.Channel channel = connection.channel;
    int written = 0;
    while (!order.isEmpty() && !resumed && window.open() > 0) {
      if (channel.queued() > ChannelTask.HIGH_WATER) {
        return; // The channel reports when there is room again.
      }
      if (written >= MOST_AT_ONCE) {
        resumed = true;
        channel.execute(this::resume);
        return;
      }
      written += writeFrame(order.poll());
    }
  }

  private void resume() {
    resumed = false;
    connection.ask();
  }
}
