package io.libprocess.service.support;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;

/**
 * Maps values that must not get lost, such as connections. {@link Future#map} drops a value if a
 * discard is requested at the moment at which the value comes; here a function gets to release it.
 */
public final class Handover {

  private Handover() {}

  /**
   * The result of a function of a value, or as the source if that has none.
   *
   * @param function if it throws, the result fails, and the function must have released the value
   * @param dropped releases results that are dropped
   */
  public static <A, B> Future<B> map(
      Future<A> source,
      CheckedFunction<? super A, ? extends B> function,
      CheckedConsumer<? super B> dropped) {
    if (source.isReady() && !source.hasDiscard()) {
      try {
        return Future.of(function.apply(source.get()));
      } catch (Throwable thrown) {
        return Future.failed(thrown);
      }
    }
    Steps<B> steps = new Steps<>(dropped);
    steps.enter(
        source,
        done -> {
          if (done.isReady()) {
            steps.end(Future.of(function.apply(done.get())));
          } else {
            steps.endWithoutValue(done);
          }
        });
    return steps.future();
  }
}
