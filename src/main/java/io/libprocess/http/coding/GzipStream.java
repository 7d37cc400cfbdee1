package io.libprocess.http.coding;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Body;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.BodyAccess;
import io.libprocess.http.grammar.Rejection;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Copies one stream of bytes to another and applies or undoes gzip on the way. It takes no more of
 * the source than the reader of the result has room for. The end or failure of the source ends the
 * result, and closing the result's reader closes the source.
 */
public final class GzipStream {

  /**
   * The coding to apply. Used by one thread at a time, since the steps of a loop follow each other.
   */
  private interface Coder extends AutoCloseable {

    /**
     * Takes a piece of the source, when {@link #next} has returned all output of the previous one.
     */
    void feed(Chunk piece);

    /** Ends the source. */
    void finish() throws Rejection;

    /** More output; empty if there is none yet. */
    Chunk next() throws Rejection;

    @Override
    void close();
  }

  private static final class Decoding implements Coder {
    private final GzipDecoder decoder = new GzipDecoder();

    @Override
    public void feed(Chunk piece) {
      decoder.feed(piece);
      piece.release();
    }

    @Override
    public void finish() throws Rejection {
      decoder.finish();
    }

    @Override
    public Chunk next() throws Rejection {
      return decoder.next();
    }

    @Override
    public void close() {
      decoder.close();
    }
  }

  private static final class Encoding implements Coder {
    private final GzipEncoder encoder = new GzipEncoder();
    private Chunk made = Chunk.empty();

    @Override
    public void feed(Chunk piece) {
      made = encoder.next(piece);
      piece.release();
    }

    @Override
    public void finish() {
      made = encoder.finish();
    }

    @Override
    public Chunk next() {
      Chunk taken = made;
      made = Chunk.empty();
      return taken;
    }

    @Override
    public void close() {
      encoder.close();
    }
  }

  private static final Runnable NOTHING = () -> {};
  private static final BodyAccess<Body.Streamed> BODIES = Access.to(Body.Streamed.class);

  private final Body.Streamed source;
  private final Coder coder;
  private final Pipe<Chunk> result = Pipe.bytes();
  private final AtomicBoolean started = new AtomicBoolean();
  private Pipe.Reader<Chunk> reader; // The source's; known from the start on.
  private boolean sourceEnded;

  private GzipStream(Body.Streamed source, Coder coder) {
    this.source = source;
    this.coder = coder;
  }

  /**
   * Decompresses a body. Nothing is read before the result is wanted. If the body is not gzip, the
   * result fails with a {@link StatusException} of status 400.
   *
   * @param memory the memory that collecting the result draws on; null if it is not counted
   */
  public static Body.Streamed decoded(Body.Streamed compressed, MemoryBudget.Share memory) {
    return new GzipStream(compressed, new Decoding()).body(memory);
  }

  /** Decompresses bytes in memory, like a stream. */
  public static Body.Streamed decoded(Chunk compressed, MemoryBudget.Share memory) {
    Pipe<Chunk> pipe = Pipe.unbounded();
    pipe.writer().offer(compressed);
    pipe.writer().close();
    return decoded(new Body.Streamed(pipe.reader()), memory);
  }

  /** Compresses a body, each piece as soon as it comes. */
  static Body.Streamed encoded(Body.Streamed plain) {
    return new GzipStream(plain, new Encoding()).body(null);
  }

  private Body.Streamed body(MemoryBudget.Share memory) {
    result.writer().readerClosed().onReady(this::readerClosed);
    return BODIES.streamed(result.reader(), this::start, NOTHING, memory);
  }

  private void readerClosed(Optional<Throwable> why) {
    if (started.compareAndSet(false, true)) {
      source.refuse();
      coder.close();
    } else {
      source.cancel(why.orElseGet(() -> new Failure("closed")));
    }
  }

  private void start() {
    if (started.compareAndSet(false, true)) {
      reader = source.reader();
      Futures.loop(this::read, this::write).onAny(this::end);
    }
  }

  /** The next piece of the result; empty at its end. */
  private Future<Optional<Chunk>> read() throws Rejection {
    Chunk piece = coder.next();
    if (!piece.isEmpty()) {
      return Future.of(Optional.of(piece));
    }
    if (sourceEnded) {
      return Future.of(Optional.empty());
    }
    return reader.read().map(this::take);
  }

  private Optional<Chunk> take(Optional<Chunk> piece) throws Rejection {
    if (piece.isPresent()) {
      coder.feed(piece.get());
    } else {
      sourceEnded = true;
      coder.finish();
    }
    return Optional.of(coder.next()); // Perhaps an empty chunk, which a pipe does not deliver.
  }

  private Future<ControlFlow<Void>> write(Optional<Chunk> piece) {
    if (piece.isEmpty()) {
      return Future.of(ControlFlow.finish());
    }
    return result
        .writer()
        .write(piece.get())
        .map(accepted -> accepted ? ControlFlow.proceed() : ControlFlow.finish());
  }

  private void end(Future<Void> done) {
    coder.close();
    if (done.isReady()) {
      result.writer().close();
      reader.close();
      return;
    }
    Throwable why =
        done.isFailed() ? failure(done.failure()) : new Failure("the stream was given up");
    result.writer().fail(why);
    reader.close(why);
  }

  private static Throwable failure(Throwable cause) {
    return cause instanceof Rejection rejection
        ? new StatusException(Status.of(rejection.code()), rejection.reason())
        : cause;
  }
}
