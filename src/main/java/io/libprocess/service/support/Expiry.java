package io.libprocess.service.support;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedRunnable;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A future that fails if another one is not completed in time. The two events contend for {@link
 * #decided}; the timer, if it wins, first asks the other future to give up and then fails the
 * result, so its resources are free again when the failure is seen.
 *
 * @param <T> the type of the value
 */
public final class Expiry<T> implements CheckedConsumer<Future<T>>, CheckedRunnable {

  private final Promise<T> promise = new Promise<>();
  private final AtomicBoolean decided = new AtomicBoolean();
  private final Future<T> inner;
  private final Supplier<? extends Throwable> failure;
  private final CheckedConsumer<? super T> dropped;
  private final Timer timer;

  private Expiry(
      Future<T> inner,
      Duration limit,
      Clock clock,
      Supplier<? extends Throwable> failure,
      CheckedConsumer<? super T> dropped) {
    this.inner = inner;
    this.failure = failure;
    this.dropped = dropped;
    this.timer = clock.timer(limit, this::expire);
  }

  /**
   * Limits the time of a future.
   *
   * @param dropped releases a value that comes too late
   */
  public static <T> Future<T> of(
      Future<T> inner,
      Duration limit,
      Clock clock,
      Supplier<? extends Throwable> failure,
      CheckedConsumer<? super T> dropped) {
    if (!inner.isPending()) {
      return inner;
    }
    Expiry<T> expiry;
    try {
      expiry = new Expiry<>(inner, limit, clock, failure, dropped);
    } catch (Throwable thrown) { // Such as for a clock that is closed.
      inner.discard();
      throw thrown;
    }
    expiry.promise.future().onDiscard(inner::discard);
    inner.onAny(expiry).onAbandoned(expiry);
    return expiry.promise.future();
  }

  private void expire() {
    if (decided.compareAndSet(false, true)) {
      try {
        inner.discard();
      } finally {
        promise.fail(failure.get());
      }
    }
  }

  /** The other future is completed. */
  @Override
  public void accept(Future<T> done) {
    if (!decided.compareAndSet(false, true)) {
      if (done.isReady()) {
        Steps.drop(done.get(), dropped);
      }
      return;
    }
    timer.cancel();
    if (done.isFailed()) {
      promise.fail(done.failure());
    } else if (done.isDiscarded()) {
      promise.discard();
    } else if (!promise.setUnlessDiscardRequested(done.get())) {
      Steps.drop(done.get(), dropped);
      promise.discard();
    }
  }

  /** The other future is abandoned; the timer goes on, and it may be completed all the same. */
  @Override
  public void run() {
    promise.abandon();
  }
}
