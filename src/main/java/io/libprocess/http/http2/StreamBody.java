package io.libprocess.http.http2;

import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.channel.IncomingBody;
import io.libprocess.http.channel.Resumable;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;

/**
 * The body of a stream while it arrives. Its window bounds what is unread: the reader's pipe holds
 * one piece, the others wait here, and a piece counts as taken when the reader has taken it from
 * the pipe.
 *
 * <p>The last piece that the pipe has accepted does not count as taken before the next one is
 * accepted, so pieces must be smaller than half of the window.
 *
 * <p>Used by the thread that works on the connection, which must call {@link #advance} when it is
 * asked to.
 */
public final class StreamBody {

  private static final long ONE_PIECE = 1; // A pipe stores a heavier piece if it is the only one.

  private final IncomingBody body;
  private final ReceiveWindow window;

  private final Pieces waiting = new Pieces();
  private int inPipe; // The bytes that were given to the pipe last; they may be unread.
  private int offered; // The bytes that wait for room in the pipe.
  private Headers trailers; // Null until the body has arrived.
  private boolean failed;

  /**
   * Makes a body.
   *
   * @param stream is asked to go on when the reader has caught up
   * @param window counts what is taken
   */
  public StreamBody(Resumable stream, ReceiveWindow window) {
    this.body = new IncomingBody(stream, ONE_PIECE);
    this.window = window;
  }

  public Pipe.Reader<Chunk> reader() {
    return body.reader();
  }

  public Future<Headers> trailers() {
    return body.trailers();
  }

  /** Notes that a reader wants the body. Called on any thread. */
  public void want() {
    body.want();
  }

  /** Whether a reader has wanted the body. */
  public boolean isWanted() {
    return body.isWanted();
  }

  /** Whether the reader was closed before the end, as far as that is known. */
  public boolean isUnwanted() {
    return body.hasDropped();
  }

  /** Runs an action when the reader is closed before the end; on any thread. */
  public void onReaderClosed(Runnable action) {
    body.onReaderClosed(action);
  }

  /** Whether all of the body has arrived, or no more of it will. */
  public boolean hasArrived() {
    return trailers != null || failed;
  }

  /** The approximate bytes of memory that are held for the reader. */
  public long held() {
    return body.held() + waiting.size();
  }

  /** Adds a piece. */
  public void add(Chunk piece) {
    if (piece.isEmpty() || hasArrived()) {
      return;
    }
    advance();
    if (waiting.isEmpty() && offered == 0) {
      pass(piece);
    } else {
      waiting.add(piece);
    }
  }

  /** Notes the end of the body. */
  public void end(Headers fields) {
    if (!hasArrived()) {
      trailers = fields;
      advance();
    }
  }

  /** Passes on what the reader has room for. */
  public void advance() {
    if (body.isFull() || body.isEnded()) {
      return;
    }
    if (offered > 0) {
      accepted(offered);
      offered = 0;
    }
    while (!waiting.isEmpty() && offered == 0) {
      pass(waiting.poll());
    }
    if (waiting.isEmpty() && offered == 0 && trailers != null) {
      body.end(trailers);
    }
  }

  private void pass(Chunk piece) {
    body.add(piece);
    if (body.isFull()) {
      offered = piece.size();
    } else {
      accepted(piece.size());
    }
  }

  /** Notes that the pipe has accepted a piece: the one before has been taken. */
  private void accepted(int size) {
    window.take(inPipe);
    inPipe = size;
  }

  /** Fails the body for its reader. Does nothing if it has arrived completely. */
  public void fail(Throwable failure) {
    if (!hasArrived()) {
      failed = true;
      waiting.clear();
      body.fail(failure);
    }
  }

  /** Drops what has not been read, and what is still to come. */
  public void dismiss(Throwable why) {
    body.dismiss();
    fail(why);
  }
}
