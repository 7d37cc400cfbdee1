package io.libprocess.stream.ends;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;
import io.libprocess.sync.Queue;

/** A source that sends the elements that come out of a queue, without end. */
public final class QueueSource<T> extends Emitter<T> {

  private final Queue<? extends T> queue;

  /** The get that waits, or was served but not looked at; null if there is none. */
  private volatile Future<? extends T> get;

  /** Makes a source that takes from a queue. */
  public QueueSource(Run<?> run, Downstream<? super T> down, Queue<? extends T> queue) {
    super(run, down);
    this.queue = queue;
  }

  /** Begins. */
  public void start() {
    begin();
  }

  @Override
  protected void cancelUpstream(Throwable cause) {
    Future<? extends T> waiting = get;
    if (waiting != null) {
      waiting.discard();
    }
  }

  @Override
  protected void dispose() {
    Future<? extends T> late = get;
    if (late != null) {
      late.onReady(Elements::release);
    }
  }

  @Override
  protected void step() {
    while (mayEmit()) {
      Future<? extends T> next = get;
      if (next == null) {
        next = queue.get();
        get = next;
        if (isOver()) {
          next.discard(); // The canceller may not have seen it.
        }
        if (next.isPending()) {
          next.onAbandoned(this::ask).onAny(any -> ask());
        }
      }
      if (next.isReady()) {
        get = null;
        claim(); // If it was cancelled meanwhile, the element was on its way.
        down.next(next.get());
      } else if (!next.isPending()) {
        get = null; // The get was discarded: no element is lost.
      } else {
        if (next.isAbandoned()) {
          fail(new Failure("the queue was closed"));
        }
        return;
      }
    }
  }
}
