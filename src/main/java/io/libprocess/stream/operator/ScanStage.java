package io.libprocess.stream.operator;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.FusedStage;

/**
 * A stage that sends, for each element, the result of a function of the previous result and the
 * element.
 */
public final class ScanStage<A, B> extends FusedStage<A, B> {

  private final CheckedBiFunction<? super B, ? super A, ? extends B> function;
  private B last;

  /** Makes a stage with a function that must not return null. */
  public ScanStage(
      Downstream<? super B> down,
      B first,
      CheckedBiFunction<? super B, ? super A, ? extends B> function) {
    super(down);
    this.function = function;
    last = first;
  }

  @Override
  public void next(A element) {
    if (done) {
      Elements.release(element);
      return;
    }
    try {
      last = requireNonNull(function.apply(last, element), "the function returned null");
    } catch (Throwable thrown) {
      failed(thrown);
      return;
    }
    down.next(last);
  }
}
