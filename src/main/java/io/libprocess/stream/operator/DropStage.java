package io.libprocess.stream.operator;

import io.libprocess.stream.stage.Downstream;

/** A stage that passes on all elements but the first ones. */
public final class DropStage<T> extends SelectiveStage<T> {

  private long left;

  /** Makes a stage that drops a number of elements. */
  public DropStage(Downstream<? super T> down, long count) {
    super(down);
    left = count;
  }

  @Override
  public void next(T element) {
    if (left == 0) {
      down.next(element);
    } else {
      left--;
      reject(element);
    }
  }
}
