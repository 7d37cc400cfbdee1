package io.libprocess.stream;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.SinkStage;
import java.util.Optional;

/**
 * Writes elements into a pipe, one at a time, and ends the writing when the stream ends. If the
 * reader is closed, even while nothing is written, the stream is cancelled with the reader's cause;
 * a close without a cause counts as success.
 */
final class PipeSink<T> extends SinkStage<T, Void> {

  private final PipeState<T> pipe;

  PipeSink(Run<Void> run, PipeState<T> pipe) {
    super(run);
    this.pipe = pipe;
  }

  @Override
  protected void started() {
    pipe.readerClosed().onReady(this::closed);
    request(1);
  }

  private void closed(Optional<Throwable> cause) {
    if (cause.isPresent()) {
      stop(cause.get());
    } else {
      finish(null);
    }
  }

  @Override
  public void next(T element) {
    if (!isOpen()) {
      Elements.release(element);
      return;
    }
    Future<Boolean> written;
    try {
      written = pipe.put(element, true);
    } catch (Throwable thrown) {
      Elements.release(element);
      stop(thrown);
      return;
    }
    if (written.isPending()) {
      written.onAny(any -> written(element, any));
    } else {
      written(element, written);
    }
  }

  private void written(T element, Future<Boolean> written) {
    if (written.isReady() && written.get()) {
      if (isOpen()) {
        request(1);
      }
      return;
    }
    Elements.release(element);
    if (written.isFailed()) {
      stop(written.failure());
    } else if (pipe.isReaderOpen()) {
      stop(new Failure("the writing into the pipe was ended by other code"));
    } // Otherwise the end of the reader gives the reason.
  }

  @Override
  protected void ending() {
    pipe.end(null);
    succeed(null);
  }

  @Override
  protected void dropped(Throwable cause) {
    pipe.end(cause == null ? new Failure("discarded") : cause);
  }
}
