package io.libprocess.stream.operator;

import io.libprocess.future.CheckedFunction;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.FusedStage;

/** A stage that passes on elements until a condition does not hold, and then completes. */
public final class TakeWhileStage<T> extends FusedStage<T, T> {

  private final CheckedFunction<? super T, Boolean> condition;

  /** Makes a stage with a condition, which does not own the elements. */
  public TakeWhileStage(Downstream<? super T> down, CheckedFunction<? super T, Boolean> condition) {
    super(down);
    this.condition = condition;
  }

  @Override
  public void next(T element) {
    if (done) {
      Elements.release(element);
      return;
    }
    boolean wanted;
    try {
      wanted = condition.apply(element);
    } catch (Throwable thrown) {
      Elements.release(element);
      failed(thrown);
      return;
    }
    if (wanted) {
      down.next(element);
    } else {
      Elements.release(element);
      finished();
    }
  }
}
