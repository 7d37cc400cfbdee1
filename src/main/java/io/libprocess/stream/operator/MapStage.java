package io.libprocess.stream.operator;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.FusedStage;

/** A stage that sends the result of a function for each element; the function owns the element. */
public final class MapStage<A, B> extends FusedStage<A, B> {

  private final CheckedFunction<? super A, ? extends B> function;

  /** Makes a stage with a function that must not return null. */
  public MapStage(Downstream<? super B> down, CheckedFunction<? super A, ? extends B> function) {
    super(down);
    this.function = function;
  }

  @Override
  public void next(A element) {
    if (done) {
      Elements.release(element);
      return;
    }
    B result;
    try {
      result = requireNonNull(function.apply(element), "the function returned null");
    } catch (Throwable thrown) {
      failed(thrown);
      return;
    }
    down.next(result);
  }
}
