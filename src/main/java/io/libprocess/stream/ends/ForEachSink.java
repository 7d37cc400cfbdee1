package io.libprocess.stream.ends;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.SinkStage;

/** A sink that passes each element to a function, which owns it. */
public final class ForEachSink<T> extends SinkStage<T, Void> {

  private final CheckedConsumer<? super T> function;

  /** Makes a sink with a function. */
  public ForEachSink(Run<Void> run, CheckedConsumer<? super T> function) {
    super(run);
    this.function = function;
  }

  @Override
  public void next(T element) {
    if (!isOpen()) {
      Elements.release(element);
      return;
    }
    try {
      function.accept(element);
    } catch (Throwable thrown) {
      stop(thrown);
    }
  }

  @Override
  protected void ending() {
    succeed(null);
  }
}
