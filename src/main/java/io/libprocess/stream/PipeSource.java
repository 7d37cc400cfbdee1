package io.libprocess.stream;

import io.libprocess.future.Future;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;
import java.util.Optional;

/**
 * Sends the elements that come out of a pipe. A read waits in the pipe while there is demand and no
 * element; the end of the writer is noticed even without demand.
 */
final class PipeSource<T> extends Emitter<T> {

  private final PipeState<T> pipe;

  /** The read that waits, or was served but not looked at; null if there is none. */
  private volatile Future<Optional<T>> read;

  PipeSource(Run<?> run, Downstream<? super T> down, PipeState<T> pipe) {
    super(run, down);
    this.pipe = pipe;
  }

  void start() {
    begin();
    pipe.whenEnded(this::ask);
  }

  @Override
  protected void cancelUpstream(Throwable cause) {
    pipe.closeReader(cause); // This ends the waiting read.
  }

  @Override
  protected void step() {
    for (; ; ) {
      Future<Optional<T>> waiting = read;
      if (waiting == null) {
        if (!mayEmit()) {
          endIfDrained();
          return;
        }
        T element = pipe.poll();
        if (element != null) {
          send(element);
          continue;
        }
        waiting = startRead();
      }
      if (waiting.isPending()) {
        return;
      }
      read = null;
      if (waiting.isFailed()) {
        fail(waiting.failure());
        return;
      }
      Optional<T> element = waiting.get();
      if (element.isEmpty()) {
        complete();
        return;
      }
      send(element.get());
    }
  }

  private void send(T element) {
    claim(); // If it is cancelled meanwhile, the element is on its way.
    down.next(element);
  }

  private Future<Optional<T>> startRead() {
    Future<Optional<T>> started = pipe.take();
    read = started;
    if (started.isPending()) {
      started.onAny(any -> ask());
    }
    return started;
  }

  private void endIfDrained() {
    Future<Optional<T>> end = pipe.end();
    if (end == null) {
      return;
    }
    if (end.isReady()) {
      complete();
    } else {
      fail(end.failure());
    }
  }

  @Override
  protected void dispose() {
    Future<Optional<T>> late = read;
    if (late != null) {
      late.onReady(element -> element.ifPresent(Elements::release));
    }
    pipe.closeReader(cause()); // If it is not yet closed.
  }
}
