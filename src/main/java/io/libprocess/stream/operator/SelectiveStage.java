package io.libprocess.stream.operator;

import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.TwoWayStage;

/** A stage that passes on some elements and requests another one in place of each that it drops. */
abstract class SelectiveStage<T> extends TwoWayStage<T, T> {

  /**
   * If the demand is unbounded no further requests are needed. Seeing this late only costs a
   * request.
   */
  private boolean unbounded;

  SelectiveStage(Downstream<? super T> down) {
    super(down);
  }

  @Override
  public void request(long count) {
    if (count == UNBOUNDED) {
      unbounded = true;
    }
    super.request(count);
  }

  final void reject(T element) {
    Elements.release(element);
    if (!unbounded) {
      up.request(1);
    }
  }
}
