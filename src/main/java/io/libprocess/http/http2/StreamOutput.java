package io.libprocess.http.http2;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.channel.ChannelTask;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.FrameWriter;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.message.MessageHeads;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes bodies of streams frame by frame, as the windows of the peer and the channel allow, and
 * the trailers after them; for either side of a connection. Used by the thread that works on the
 * connection.
 *
 * <p>Bodies are read only while little output waits for the peer, so a peer that does not read
 * costs little, whatever its windows allow. Somewhat more may wait of a body that needs no memory
 * for it, while its stream is the only one: so more leaves in each round. A small frame waits for a
 * larger window, but not for long.
 *
 * @param <S> a stream
 */
public abstract class StreamOutput<S extends OpenStream> {

  /** The most bytes of bodies written in one go; others must be served as well. */
  private static final int MOST_AT_ONCE = 256 << 10;

  /** How much may wait for the peer of a body that costs no memory and holds up no other stream. */
  private static final long MOST_ALONE = 3 * ChannelTask.HIGH_WATER;

  /** The largest frame of DATA while other streams have something to send. */
  private static final int FRAME = PeerSettings.LEAST_FRAME;

  /** The largest frame otherwise. */
  private static final int LARGE_FRAME = 64 << 10;

  /** A smaller frame waits for a larger window. */
  private static final int LEAST_FRAME = 1 << 10;

  private static final Duration PATIENCE = Duration.ofMillis(100);

  public final FrameWriter writer;

  /** How much the peer lets this side send on the connection. */
  public final SendWindow window = new SendWindow(PeerSettings.INITIAL_WINDOW);

  /** The settings of the peer. */
  protected final PeerSettings peer;

  private final OutputOrder<S> order = new OutputOrder<>(); // Of those that have DATA, or may have.
  private final ChannelTask connection;
  private final MessageHeads heads;
  private final Clock clock;
  private volatile boolean resumed; // Wrote the most; the channel will run the connection again.

  private final List<S> small = new ArrayList<>(0); // Wait for larger windows.
  private Timer patience; // Null unless some wait.
  private volatile boolean impatient; // They have waited long enough.

  private final int mostControl; // Control frames that may wait for a peer that takes no output.
  private int control; // Control frames since all output was taken.
  private long shutSince; // When the window was found to be shut, in nanoseconds; 0 if it is not.

  /**
   * For subclasses.
   *
   * @param limits for what the peer does
   */
  protected StreamOutput(
      ChannelTask connection, PeerSettings peer, MessageHeads heads, Clock clock, Limits limits) {
    this.connection = connection;
    this.peer = peer;
    this.heads = heads;
    this.clock = clock;
    this.mostControl = limits.http2().bursts().control();
    this.writer = new FrameWriter(connection.channel);
  }

  /* ------ For subclasses ------ */

  /** Notes that a message has been written to its end. */
  protected abstract void written(S stream);

  /** Gives up a message whose body or trailers have failed. */
  protected abstract void failed(S stream, Throwable failure);

  /** Notes that a part of a body was sent, or that there was none to be sent. */
  protected abstract void sent(S stream, int size);

  /** Ends the connection, since a frame that was begun cannot be completed. */
  protected abstract void lost(Throwable failure);

  /** Cuts the connection, since the peer does not take the answers to its control frames. */
  protected abstract void cut();

  /** Whether one stream at most is open. */
  protected abstract boolean isAlone();

  /** Notes how long a window of the peer has kept DATA back. */
  protected void wasShut(boolean ofConnection, long nanos) {}

  /** Whether it is known that nothing follows a body. */
  protected static boolean hasNone(Future<Headers> trailers) {
    return trailers.isReady() && trailers.get().isEmpty();
  }

  /* ------ Control ------ */

  /** Answers SETTINGS. */
  public final void acknowledge() {
    writer.settingsAck();
    countControl();
  }

  /** Notes the peer's setting of the size of the table of fields. */
  final void tableSize(long size) {
    heads.tableSize(size);
  }

  /** Answers PING. */
  public final void pong(long opaque) {
    writer.ping(opaque, true);
    countControl();
  }

  /** Resets a stream. */
  public void reset(int stream, ErrorCode code) {
    writer.rstStream(stream, code);
    countControl();
  }

  /** Cuts the connection if the peer makes control frames due that it does not take. */
  private void countControl() {
    if (connection.channel.queued() == 0) {
      control = 0;
    } else if (++control > mostControl) {
      cut();
    }
  }

  /* ------ Streams ------ */

  /** Goes on with a message whose head has been written; does nothing after its end. */
  public final void goOn(S stream) {
    if (stream.content != null) {
      order.add(stream);
    } else if (stream.trailers != null) {
      putTrailers(stream);
    }
  }

  /** Changes the priority of a stream. */
  public final void prioritize(S stream, Priority priority) {
    order.change(stream, priority);
  }

  /** Notes that a stream is closed. */
  public final void closed(S stream) {
    order.remove(stream);
    endShut(stream);
  }

  /** Whether a body has something to send that the windows of the peer do not allow. */
  public final boolean isHeldUp(S stream) {
    return stream.hasSomethingToSend() && Math.min(window.open(), stream.send.open()) < LEAST_FRAME;
  }

  /** Goes on with a body whose window has changed. */
  public final void windowChanged(S stream) {
    if (stream.send.open() > 0) {
      endShut(stream);
    }
    if (stream.content != null) {
      order.add(stream);
    }
  }

  /** Goes on after the window of the connection has become larger. */
  public final void windowChanged() {
    if (shutSince != 0 && window.open() > 0) {
      wasShut(true, clock.nanoTime() - shutSince);
      shutSince = 0;
    }
    goOnWithSmall(false);
  }

  private void endShut(S stream) {
    if (stream.shutSince != 0) {
      wasShut(false, clock.nanoTime() - stream.shutSince);
      stream.shutSince = 0;
    }
  }

  private long nanoTime() {
    long now = clock.nanoTime();
    return now == 0 ? 1 : now;
  }

  /* ------ Small windows ------ */

  /** Has a stream wait for a larger window, but not for long. */
  private void await(S stream) {
    small.add(stream);
    if (patience == null) {
      patience =
          clock.timer(
              PATIENCE,
              () -> {
                impatient = true;
                connection.ask();
              });
    }
  }

  /** Goes on with the streams that have waited for larger windows. */
  private void goOnWithSmall(boolean sendsSmall) {
    for (S stream : small) {
      stream.sendsSmall |= sendsSmall;
      if (stream.content != null) {
        order.add(stream);
      }
    }
    small.clear();
  }

  /** Notes that the connection is gone. */
  public void close() {
    if (patience != null) {
      patience.cancel();
    }
  }

  /* ------ Bodies ------ */

  /** Writes as much of the bodies as may be written now. */
  protected final void writeBodies() {
    if (impatient) {
      impatient = false;
      patience = null;
      goOnWithSmall(true);
    }
    Transport.Channel channel = connection.channel;
    int written = 0;
    while (!order.isEmpty() && !resumed) {
      if (window.open() == 0) {
        shutSince = shutSince == 0 ? nanoTime() : shutSince;
        return;
      }
      long queued = channel.queued();
      if (queued > ChannelTask.HIGH_WATER && (queued > MOST_ALONE || !mayQueueMore())) {
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

  /** Whether all that can be sent is a file or bytes that are in memory anyway. */
  private boolean mayQueueMore() {
    S only = isAlone() ? order.only() : null;
    return only != null && only.content != null && !only.content.isStream();
  }

  private void resume() {
    resumed = false;
    connection.ask();
  }

  /** Writes a frame of the body that a stream may have, and returns the size of its content. */
  private int writeFrame(S stream) {
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
    if (size == 0 && !last) { // A piece has to come, or the peer has to open the window.
      if (available == 0) {
        sent(stream, 0);
      } else if (stream.shutSince == 0) {
        stream.shutSince = nanoTime();
      }
      return 0;
    }
    if (size < available && size == open && size < LEAST_FRAME && !stream.sendsSmall) {
      await(stream);
      return 0;
    }
    stream.sendsSmall = false;
    boolean end = last && hasNone(stream.trailers);
    if (size > 0 || end) { // Otherwise only the trailers are left, which may not have come.
      writer.dataHeader(stream.id(), size, end);
      window.send(size);
      stream.send.send(size);
      sent(stream, size);
    }
    if (size > 0 && !send(stream, size)) {
      return size;
    }
    if (!last) {
      order.add(stream);
      return size;
    }
    stream.content = null;
    if (end) {
      end(stream);
    } else {
      putTrailers(stream);
    }
    return size;
  }

  private boolean send(S stream, int size) {
    try {
      stream.content.send(size, writer);
      return true;
    } catch (UncheckedIOException e) { // Its frame was begun, so nothing else can be sent.
      lost(new IOException("the file of the answer to " + stream + " failed", e));
      return false;
    }
  }

  private void end(S stream) {
    stream.trailers = null;
    written(stream);
  }

  /** Writes the trailers after a body, once they are there. */
  private void putTrailers(S stream) {
    Future<Headers> trailers = stream.trailers;
    if (trailers.isReady()) {
      if (trailers.get().isEmpty()) {
        writer.dataHeader(stream.id(), 0, true);
      } else {
        heads.putTrailers(writer.beginHeaders(stream.id()), trailers.get());
        writer.endHeaders(true, peer.maxFrame());
      }
      end(stream);
    } else if (!trailers.isPending() || trailers.isAbandoned()) {
      failed(
          stream,
          trailers.isFailed() ? trailers.failure() : new Failure("the trailers were given up"));
    } else if (!stream.awaitsTrailers) {
      stream.awaitsTrailers = true;
      trailers.onAny(done -> stream.ask()).onAbandoned(stream::ask);
    }
  }
}
