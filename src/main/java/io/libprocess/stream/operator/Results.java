package io.libprocess.stream.operator;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.stage.Elements;
import java.util.concurrent.atomic.AtomicBoolean;

/** Handles the futures that functions return. May be used by any thread. */
final class Results {

  private Results() {}

  /**
   * The future that a function returns for an element; an exception or null becomes a failed one.
   * When it is {@linkplain #drop dropped}, the function's future is asked to discard and keeps
   * nothing of the stage, for it may be pending for ever.
   */
  static <A, B> Future<? extends B> of(
      CheckedFunction<? super A, ? extends Future<? extends B>> function, A element) {
    try {
      Future<? extends B> result = function.apply(element);
      if (result == null) {
        return Future.failed(new NullPointerException("the function returned null"));
      }
      return result.isPending() ? result.discardable().onDiscard(() -> drop(result)) : result;
    } catch (Throwable thrown) {
      return Future.failed(thrown);
    }
  }

  /** The reason why there will be no value; null if there is one or may still be one. */
  static Throwable failure(Future<?> result) {
    if (result.isFailed()) {
      return result.failure();
    }
    if (result.isDiscarded()) {
      return new Failure("a future was discarded");
    }
    return result.isPending() && result.isAbandoned()
        ? new Failure("a future was abandoned")
        : null;
  }

  /** Calls back once, when a future is completed or abandoned; at once if it already is. */
  static void whenDone(Future<?> result, Runnable callback) {
    if (!result.isPending()) {
      callback.run();
      return;
    }
    AtomicBoolean called = new AtomicBoolean();
    Runnable once =
        () -> {
          if (called.compareAndSet(false, true)) {
            callback.run();
          }
        };
    result.onAbandoned(once::run);
    result.onAny(any -> once.run());
  }

  /** Drops a future whose value is no longer needed. */
  static void drop(Future<?> result) {
    result.discard();
    result.onReady(Elements::release);
  }
}
