package io.libprocess.service.support;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Log;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;

/**
 * A result that is made in several steps, one after another, each of which is a future. A discard
 * request reaches the step under way, and the next step if it comes in between.
 *
 * @param <R> the type of the result
 */
public final class Steps<R> {

  private final Promise<R> promise = new Promise<>();
  private final CheckedConsumer<? super R> dropped;
  private volatile Future<?> step = Future.done(); // The one under way.

  /**
   * Begins without a step.
   *
   * @param dropped releases values that are dropped
   */
  public Steps(CheckedConsumer<? super R> dropped) {
    this.dropped = dropped;
    promise.future().onDiscard(() -> step.discard());
  }

  /** The result. */
  public Future<R> future() {
    return promise.future();
  }

  /** Whether a discard of the result was requested. */
  public boolean isDiscardRequested() {
    return promise.future().hasDiscard();
  }

  /**
   * Says which step is under way from now on, and what is to follow when it is completed or
   * abandoned.
   */
  public <S> void enter(Future<S> now, CheckedConsumer<Future<S>> then) {
    step = now;
    if (isDiscardRequested()) {
      now.discard(); // The request may have reached the step before.
    }
    try {
      Ending.chained(now, over -> follow(over, then));
    } catch (Throwable thrown) { // Nothing will follow this step.
      now.discard();
      promise.fail(thrown);
    }
  }

  private <S> void follow(Future<S> over, CheckedConsumer<Future<S>> then) {
    try {
      then.accept(over);
    } catch (Throwable thrown) {
      promise.fail(thrown);
    }
  }

  /**
   * Ends with the outcome of a future that is completed or abandoned.
   *
   * @return false if it has a value, which was dropped
   */
  public boolean end(Future<R> outcome) {
    if (!outcome.isReady()) {
      endWithoutValue(outcome);
    } else if (!promise.setUnlessDiscardRequested(outcome.get())) {
      drop(outcome.get(), dropped);
      promise.discard();
      return false;
    }
    return true;
  }

  /** Ends as a future that has no value and is completed or abandoned. */
  public void endWithoutValue(Future<?> outcome) {
    if (outcome.isFailed()) {
      promise.fail(outcome.failure());
    } else if (outcome.isDiscarded()) {
      promise.discard();
    } else {
      promise.abandon();
    }
  }

  /** Ends with a failure. */
  public void fail(Throwable failure) {
    promise.fail(failure);
  }

  /** Ends as discarded. */
  public void discard() {
    promise.discard();
  }

  /** Releases a value that is dropped; what that throws is logged. */
  public static <V> void drop(V value, CheckedConsumer<? super V> dropped) {
    try {
      dropped.accept(value);
    } catch (Throwable thrown) {
      Log.warning("Letting go of a response failed", thrown);
    }
  }

  /** A future that is ready after some time; a discard request ends it at once. */
  public static Future<Void> delay(Clock clock, Duration duration) {
    Promise<Void> promise = new Promise<>();
    Timer timer = clock.timer(duration, () -> promise.set(null));
    return promise
        .future()
        .onDiscard(
            () -> {
              timer.cancel();
              promise.discard();
            });
  }
}
