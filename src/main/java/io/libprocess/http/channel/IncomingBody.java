package io.libprocess.http.channel;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Headers;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.SerialExecutor;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;

/**
 * The body of a request that the handler gets as a stream, while it arrives. Used by the thread
 * that works on the connection.
 */
public final class IncomingBody {

  /** How much of a body that nobody wants is read, so that the connection can be used again. */
  public static final long MOST_DROPPED = 64 << 10;

  private static final long CAPACITY = 64 << 10;

  private final SerialExecutor connection;

  /** Chunks weigh what they take in memory, not only what they carry. */
  private final Pipe<Chunk> pipe =
      new Pipe<>(
          CAPACITY, chunk -> chunk.isEmpty() ? 0 : chunk.size() + (long) MemoryBudget.OBJECT);

  private final Promise<Headers> trailers = new Promise<>();
  private Future<Boolean> writing; // Null if the piece before was taken or dropped.
  private long waiting; // What the piece takes that waits for room, or did.
  private long dropped;
  private boolean ended;
  private volatile boolean wanted;

  public IncomingBody(SerialExecutor connection) {
    this.connection = connection;
  }

  /** Somebody wants to read it; on any thread. */
  public void want() {
    if (!wanted) {
      wanted = true;
      connection.ask();
    }
  }

  /** Whether anybody wanted to read it. */
  public boolean isWanted() {
    return wanted;
  }

  public Future<Headers> trailers() {
    return trailers.future();
  }

  public Pipe.Reader<Chunk> reader() {
    return pipe.reader();
  }

  /** Whether all of it has arrived, or nothing more will. */
  public boolean isEnded() {
    return ended;
  }

  /** Whether the reader is behind; the connection is asked to go on at the end of that. */
  public boolean isFull() {
    return writing != null && writing.isPending();
  }

  /** How many bytes of memory are held for the reader. */
  public long held() {
    return pipe.writer().stored() + (isFull() ? waiting : 0);
  }

  /** Whether more was dropped than is worth reading. */
  public boolean isUnwanted() {
    return dropped > MOST_DROPPED;
  }

  /** Passes on a piece; not to be called while it is full. */
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

  /** Drops what has not been read, and what is still to come. */
  public void dismiss() {
    pipe.reader().close();
  }
}
