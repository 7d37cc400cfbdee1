package io.libprocess.stream.ends;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.SinkStage;

/** A sink that folds all elements, which its function owns, into one value. */
public final class FoldSink<T, R> extends SinkStage<T, R> {

  private final CheckedBiFunction<? super R, ? super T, ? extends R> function;
  private R value; // Used only inside signals.

  /** Makes a sink that starts with a value. */
  public FoldSink(
      Run<R> run, R first, CheckedBiFunction<? super R, ? super T, ? extends R> function) {
    super(run);
    value = first;
    this.function = function;
  }

  @Override
  public void next(T element) {
    if (!isOpen()) {
      Elements.release(element);
      return;
    }
    try {
      value = requireNonNull(function.apply(value, element), "the function returned null");
    } catch (Throwable thrown) {
      stop(thrown);
    }
  }

  @Override
  protected void ending() {
    succeed(value);
  }
}
