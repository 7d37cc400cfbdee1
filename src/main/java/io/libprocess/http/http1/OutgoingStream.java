package io.libprocess.http.http1;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.channel.ChannelTask;
import io.libprocess.http.channel.OutgoingBody;
import io.libprocess.http.channel.Resumable;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;

/**
 * Copies a body that is a stream to a connection as its pieces come, and holds it back while the
 * peer is behind. Used by the thread that works on the connection; asks for that work to go on when
 * a piece has come.
 */
public final class OutgoingStream {

  /**
   * The most bytes copied in one go. A source may always have more, and if the peer takes
   * everything or is gone, nothing is ever queued; but others must be served, and the end of the
   * channel must be noticed.
   */
  private static final int MOST_AT_ONCE = 256 << 10;

  /** The progress of the copying. */
  public enum Progress {
    /** More bytes have to come, or the peer has to take bytes. */
    WAITS,
    /** The stream and its end have been sent. */
    ENDED,
    /**
     * The stream has failed, or its length differs from the announced one: see {@link #failure}.
     */
    FAILED
  }

  private final OutgoingBody body;
  private final boolean chunked;
  private final long announced; // Or ContentLength.UNKNOWN.
  private final Future<Headers> trailers; // Sent after a chunked body.
  private final Transport.Channel channel;
  private final Output out;
  private final Resumable connection;

  private Chunk first; // Came at the start and is not copied yet; may be null.
  private long sent;
  private boolean readToEnd;
  private volatile boolean resumed; // Copied the most; the channel will run the connection again.
  private Throwable failure;

  public OutgoingStream(
      Body.Streamed body,
      boolean chunked,
      long announced,
      Future<Headers> trailers,
      Transport.Channel channel,
      Output out,
      Resumable connection) {
    this.body = new OutgoingBody(body, connection, channel.sendsFiles());
    this.chunked = chunked;
    this.announced = announced;
    this.trailers = trailers;
    this.channel = channel;
    this.out = out;
    this.connection = connection;
  }

  /**
   * Starts the stream, and asks for the first piece.
   *
   * @return the failure if it has already failed, or null
   */
  public Throwable start() {
    body.start();
    first = body.poll();
    return first == null && body.isEnded() ? body.failure() : null;
  }

  /** Copies the available pieces. */
  public Progress copy() {
    if (readToEnd) {
      return endChunks();
    }
    if (resumed) {
      return Progress.WAITS; // Else a source that always has more would have no end of rounds.
    }
    long start = sent;
    while (channel.queued()
        <= ChannelTask.HIGH_WATER) { // The channel reports when there is room again.
      if (sent - start >= MOST_AT_ONCE) {
        resumed = true;
        channel.execute(this::resume);
        return Progress.WAITS;
      }
      Chunk piece = first != null ? first : body.poll();
      first = null;
      if (piece != null) {
        if (!put(piece)) {
          return Progress.FAILED;
        }
      } else if (!body.isEnded()) {
        return Progress.WAITS;
      } else if (body.failure() != null) {
        failure = body.failure();
        return Progress.FAILED;
      } else {
        return end();
      }
    }
    return Progress.WAITS;
  }

  private void resume() {
    resumed = false;
    connection.ask();
  }

  private boolean put(Chunk piece) {
    if (piece.isEmpty()) {
      piece.release();
      return true; // An empty chunk would be the last one.
    }
    sent += piece.size();
    if (announced != ContentLength.UNKNOWN && sent > announced) {
      piece.release();
      failure = new Failure("the stream is longer than its Content-Length");
      return false;
    }
    if (chunked) {
      out.putChunked(piece);
    } else {
      out.put(piece);
    }
    return true;
  }

  private Progress end() {
    if (announced != ContentLength.UNKNOWN && sent < announced) {
      failure = new Failure("the stream is shorter than its Content-Length");
      return Progress.FAILED;
    }
    if (!chunked) {
      return Progress.ENDED;
    }
    readToEnd = true;
    if (trailers.isPending()) {
      trailers.onAny(done -> connection.ask()).onAbandoned(connection::ask);
    }
    return endChunks();
  }

  private Progress endChunks() {
    if (trailers.isReady()) {
      out.putLastChunk(trailers.get());
      return Progress.ENDED;
    }
    if (trailers.isPending() && !trailers.isAbandoned()) {
      return Progress.WAITS;
    }
    failure = trailers.isFailed() ? trailers.failure() : new Failure("the trailers were given up");
    return Progress.FAILED;
  }

  /** The failure of the copying. */
  public Throwable failure() {
    return failure;
  }

  /** Whether it waits for the next piece, or the trailers, rather than for the peer. */
  public boolean isStarved() {
    return body.isAwaited() || readToEnd;
  }

  /**
   * Cancels the stream.
   *
   * @param cause the cause that the stream's source gets; null if nothing has failed
   */
  public void close(Throwable cause) {
    body.close(cause);
    if (first != null) {
      first.release();
      first = null;
    }
  }
}
