package io.libprocess.http.channel;

import io.libprocess.http.Body;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.access.Streams;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.Upstream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The end of a stream that is sent as a body: asks for a piece when the connection wants one, and
 * asks the connection to go on when it has come. The stream's signals come on any thread; the rest
 * is called by the thread that works on the connection.
 *
 * <p>A piece is handed over in {@code arrived}, which is emptied by the thread that takes it; so a
 * piece that comes while the body is given up is released by exactly one side.
 */
public final class OutgoingBody extends Downstream<Chunk> {

  private final Source<Chunk> source;
  private final Resumable connection;
  private final boolean takesFiles;
  private final Run<Void> run = new Run<>();
  private final AtomicReference<Chunk> arrived = new AtomicReference<>();
  private volatile Upstream up; // Null before the beginning.
  private volatile boolean closed;
  private Throwable failure; // Null if it has completed; written before the flag.
  private volatile boolean ended;
  private final AtomicBoolean over = new AtomicBoolean(); // The run has been told.

  // Used by the connection.
  private boolean requested; // A piece that has not yet come.

  /**
   * Makes a body that has not started.
   *
   * @param takesFiles whether its sender lets the system send parts of files
   */
  public OutgoingBody(Body.Streamed body, Resumable connection, boolean takesFiles) {
    this.source = Streams.source(body.stream());
    this.connection = connection;
    this.takesFiles = takesFiles;
  }

  /** Starts the stream, which does nothing before it is asked for a piece. */
  public void start() {
    Start.source(source, run, this);
  }

  /** Takes the next piece, and asks for it if that has not been done; null if it has not come. */
  public Chunk poll() {
    Chunk piece = arrived.getAndSet(null);
    if (piece == null && !requested && !ended) {
      requested = true;
      up.request(1);
      piece = arrived.getAndSet(null);
    }
    if (piece != null) {
      requested = false;
    }
    return piece;
  }

  /** Whether a piece has been asked for but has not come. */
  public boolean isAwaited() {
    return requested;
  }

  /** Whether no more pieces follow the one that is there. */
  public boolean isEnded() {
    return ended && arrived.get() == null;
  }

  /** The failure of the stream; null if it has completed. */
  public Throwable failure() {
    return failure;
  }

  /** Cancels the stream; does nothing after the end. */
  public void close(Throwable cause) {
    if (closed || up == null) {
      return;
    }
    closed = true;
    try {
      up.cancel(cause);
    } finally {
      dropLate();
      endRun();
    }
  }

  /** Nobody asks for the result of the run, which only waits for the stages to close. */
  private void endRun() {
    if (over.compareAndSet(false, true)) {
      run.discard();
    }
  }

  private void dropLate() {
    Chunk late = arrived.getAndSet(null);
    if (late != null) {
      late.release();
    }
  }

  /* ------ Signals ------ */

  @Override
  public boolean takesFileRegions() {
    return takesFiles;
  }

  @Override
  public void begin(Upstream upstream) {
    up = upstream;
  }

  @Override
  public void next(Chunk piece) {
    arrived.set(piece);
    if (closed) {
      dropLate();
    } else {
      connection.ask();
    }
  }

  @Override
  public void complete() {
    ended = true;
    endRun();
    connection.ask();
  }

  @Override
  public void fail(Throwable thrown) {
    failure = thrown;
    complete();
  }
}
