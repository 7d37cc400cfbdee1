package io.libprocess.http.channel;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Headers;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;

/**
 * A body that its reader gets as a stream while it arrives. Used by the thread that works on the
 * connection.
 */
public final class IncomingBody {

  /** How much of an unwanted body is read, so that the connection can be used again. */
  public static final long MOST_DROPPED = 64 << 10;

  private static final long CAPACITY = 64 << 10;

  private final Resumable connection;

  /** Chunks weigh the memory they take, not only the bytes they carry. */
  private final Pipe<Chunk> pipe;

  private final Promise<Headers> trailers = new Promise<>();
  private Future<Boolean> writing; // Null if the previous piece was taken or dropped.
  private long waiting; // The weight of the piece that waits for room, or did so last.
  private long dropped;
  private boolean ended;
  private volatile boolean wanted;

  /** Makes a body of which 64 KiB may be unread. */
  public IncomingBody(Resumable connection) {
    this(connection, CAPACITY);
  }

  /**
   * Makes a body.
   *
   * @param connection is asked to go on when the reader has caught up
   * @param capacity how much may be unread, in bytes
   */
  public IncomingBody(Resumable connection, long capacity) {
    this.connection = connection;
    this.pipe =
        new Pipe<>(
            capacity, chunk -> chunk.isEmpty() ? 0 : chunk.size() + (long) MemoryBudget.OBJECT);
  }

  /** Notes that a reader wants the body. Called on any thread. */
  public void want() {
    if (!wanted) {
      wanted = true;
      connection.ask();
    }
  }

  /** Whether a reader has wanted the body. */
  public boolean isWanted() {
    return wanted;
  }

  public Future<Headers> trailers() {
    return trailers.future();
  }

  public Pipe.Reader<Chunk> reader() {
    return pipe.reader();
  }

  /** Whether all of the body has arrived, or no more of it will. */
  public boolean isEnded() {
    return ended;
  }

  /** Whether the reader is behind; the connection is asked to go on when it has caught up. */
  public boolean isFull() {
    return writing != null && writing.isPending();
  }

  /** The bytes of memory that are held for the reader. */
  public long held() {
    return pipe.writer().stored() + (isFull() ? waiting : 0);
  }

  /** Whether anything has been dropped because the reader was closed. */
  public boolean hasDropped() {
    return dropped > 0;
  }

  /** Whether more has been dropped than is worth reading. */
  public boolean isUnwanted() {
    return dropped > MOST_DROPPED;
  }

  /** Runs an action when the reader is closed before the end; on any thread. */
  public void onReaderClosed(Runnable action) {
    pipe.writer().readerClosed().onReady(cause -> action.run());
  }

  /** Passes on a piece; must not be called while the body is full. */
  public void add(Chunk piece) {
    Future<Boolean> written = pipe.writer().write(piece);
    if (written.isPending()) {
      writing = written;
      waiting = piece.size() + (long) MemoryBudget.OBJECT;
      written.onAny(done -> connection.ask());
      return;
    }
    writing = null;
    if (!written.isReady() || !written.get()) {
      dropped += piece.size();
    }
  }

  public void end(Headers fields) {
    ended = true;
    trailers.set(fields);
    pipe.writer().close();
  }

  public void fail(Throwable failure) {
    if (!ended) {
      ended = true;
      trailers.fail(failure);
      pipe.writer().fail(failure);
    }
  }

  /** Drops the bytes that have not been read, and those still to come. */
  public void dismiss() {
    pipe.reader().close();
  }
}
