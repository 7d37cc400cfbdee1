package io.libprocess.stream.operator;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.FusedStage;

/** A stage that shows each element to a function, which does not own it, and passes it on. */
public final class TapStage<T> extends FusedStage<T, T> {

  private final CheckedConsumer<? super T> function;

  /** Makes a stage with a function. */
  public TapStage(Downstream<? super T> down, CheckedConsumer<? super T> function) {
    super(down);
    this.function = function;
  }

  @Override
  public void next(T element) {
    if (done) {
      Elements.release(element);
      return;
    }
    try {
      function.accept(element);
    } catch (Throwable thrown) {
      Elements.release(element);
      failed(thrown);
      return;
    }
    down.next(element);
  }
}
