package io.libprocess.stream.ends;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;

/** A source that sends the value of a future. A cancel discards the future. */
public final class FutureSource<T> extends Emitter<T> {

  private final Future<? extends T> future;

  // Used only by the loop.
  private Future<?> waiting; // For the future, which may last longer than the run; or null.
  private boolean sent;

  /** Makes a source of one value. */
  public FutureSource(Run<?> run, Downstream<? super T> down, Future<? extends T> future) {
    super(run, down);
    this.future = future;
  }

  /** Begins. */
  public void start() {
    begin();
  }

  @Override
  protected void cancelUpstream(Throwable cause) {
    future.discard();
  }

  @Override
  protected void dispose() {
    if (waiting != null) {
      waiting.discard();
    }
    if (!sent) {
      future.onReady(Elements::release);
    }
  }

  @Override
  protected void step() {
    if (!mayEmit()) {
      return;
    }
    if (future.isPending()) {
      if (future.isAbandoned()) {
        fail(new Failure("the future was abandoned"));
      } else if (waiting == null) {
        waiting = future.discardable().onAbandoned(this::ask).onAny(any -> ask());
      }
    } else if (future.isFailed()) {
      fail(future.failure());
    } else if (future.isDiscarded()) {
      fail(new Failure("the future was discarded"));
    } else if (claim()) {
      sent = true;
      down.next(requireNonNull(future.get(), "the future's value is null"));
      complete();
    }
  }
}
