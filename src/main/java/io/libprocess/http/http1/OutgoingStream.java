package io.libprocess.http.http1;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.internal.scheduler.SerialExecutor;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.Optional;

/**
 * Copies a body that is a stream to a connection as its pieces come, and holds it back while the
 * peer is behind. Used by the thread that works on the connection, which it asks to go on when a
 * piece has come.
 */
public final class OutgoingStream {

  /** While more than this waits for the peer, streams are held back. */
  public static final long HIGH_WATER = 64 << 10;

  /**
   * How much is copied at once. A source may always have more, and the peer may take everything or
   * be gone, in which case nothing is ever queued; others are to be served, and the end of the
   * channel is to be heard of.
   */
  private static final int MOST_AT_ONCE = 256 << 10;

  /** How far the copying has come. */
  public enum Progress {
    /** More has to come, or the peer has to take what was sent. */
    WAITS,
    /** All of it, and what ends it, was sent. */
    ENDED,
    /** The stream failed, or is not as long as was announced: see {@link #failure}. */
    FAILED
  }

  private final Pipe.Reader<Chunk> reader;
  private final boolean chunked;
  private final long announced; // Or ContentLength.UNKNOWN.
  private final Future<Headers> trailers; // Sent behind a chunked body.
  private final Transport.Channel channel;
  private final Output out;
  private final SerialExecutor connection;

  private Future<Optional<Chunk>> read; // Null if no read is under way.
  private long sent;
  private boolean readToEnd;
  private volatile boolean resumed; // The channel is to run the connection again.
  private Throwable failure;

  public OutgoingStream(
      Pipe.Reader<Chunk> reader,
      boolean chunked,
      long announced,
      Future<Headers> trailers,
      Transport.Channel channel,
      Output out,
      SerialExecutor connection) {
    this.reader = reader;
    this.chunked = chunked;
    this.announced = announced;
    this.trailers = trailers;
    this.channel = channel;
    this.out = out;
    this.connection = connection;
  }

  /** Copies the pieces that there are. */
  public Progress copy() {
    if (readToEnd) {
      return endChunks();
    }
    long start = sent;
    while (channel.queued() <= HIGH_WATER) { // The channel tells when there is room again.
      if (sent - start >= MOST_AT_ONCE) {
        if (!resumed) {
          resumed = true;
          channel.execute(this::resume);
        }
        return Progress.WAITS;
      }
      if (read == null) {
        read = reader.read();
        if (read.isPending()) {
          read.onAny(done -> connection.ask());
        }
      }
      if (read.isPending()) {
        return Progress.WAITS;
      }
      Future<Optional<Chunk>> done = read;
      read = null;
      if (!done.isReady()) {
        failure = done.isFailed() ? done.failure() : new Failure("the stream was given up");
        return Progress.FAILED;
      }
      if (done.get().isEmpty()) {
        return end();
      }
      if (!put(done.get().get())) {
        return Progress.FAILED;
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
      return true; // As a chunk it would be the last one. Pipes deliver none.
    }
    sent += piece.size();
    if (announced != ContentLength.UNKNOWN && sent > announced) {
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

  /** Why the copying failed. */
  public Throwable failure() {
    return failure;
  }

  /** Whether it waits for the next piece, or the trailers, and not for the peer. */
  public boolean isStarved() {
    return read != null || readToEnd;
  }

  /** Reads no more. */
  public void close() {
    reader.close();
  }
}
