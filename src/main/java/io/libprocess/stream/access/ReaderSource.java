package io.libprocess.stream.access;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.TwoWayStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Streams the elements of a reader, and reports when they are first requested and when the stream
 * is cancelled.
 */
public final class ReaderSource implements Source<Chunk> {

  private final Pipe.Reader<Chunk> reader;
  private final Runnable whenWanted;
  private final Runnable whenCancelled;

  /**
   * A source that may be started once.
   *
   * @param whenWanted runs with the first request, on the requesting thread
   * @param whenCancelled runs when the source is cancelled before its end, on the cancelling thread
   */
  public ReaderSource(Pipe.Reader<Chunk> reader, Runnable whenWanted, Runnable whenCancelled) {
    this.reader = reader;
    this.whenWanted = whenWanted;
    this.whenCancelled = whenCancelled;
  }

  @Override
  public void start(Run<?> run, Downstream<? super Chunk> down) {
    Streams.source(reader.stream()).start(run, new Watch(down));
  }

  private final class Watch extends TwoWayStage<Chunk, Chunk> {

    private final AtomicBoolean wanted = new AtomicBoolean();
    private volatile boolean ended;

    Watch(Downstream<? super Chunk> down) {
      super(down);
    }

    @Override
    public void next(Chunk piece) {
      down.next(piece);
    }

    @Override
    public void complete() {
      ended = true;
      super.complete();
    }

    @Override
    public void fail(Throwable failure) {
      ended = true;
      super.fail(failure);
    }

    @Override
    public void request(long count) {
      if (!wanted.get() && wanted.compareAndSet(false, true)) {
        whenWanted.run();
      }
      up.request(count);
    }

    @Override
    public void cancel(Throwable cause) {
      if (!ended) {
        whenCancelled.run();
      }
      up.cancel(cause);
    }
  }
}
