package io.libprocess.service.filter;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.support.Ending;
import io.libprocess.service.support.Steps;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One request that may be sent a second time. The first success is the result. A failure is, if
 * nothing else is under way; otherwise the outcome of the other one is.
 *
 * <p>The lock guards the fields that say so. Futures are made, completed and discarded without it.
 *
 * @param <R> the type of the response
 */
final class BackupRace<R> {

  private final Promise<R> promise = new Promise<>();
  private final Future<R> first;
  private final Supplier<Future<R>> backup;
  private final Predicate<Future<R>> isSuccess;
  private final CheckedConsumer<? super R> dropped;

  // Guarded by this.
  private Future<R> second; // Null until it is sent.
  private int underWay = 1;
  private boolean over;

  /**
   * Makes a race.
   *
   * @param backup sends the second request; null if that must not be
   */
  BackupRace(
      Future<R> first,
      Supplier<Future<R>> backup,
      Predicate<Future<R>> isSuccess,
      CheckedConsumer<? super R> dropped) {
    this.first = first;
    this.backup = backup;
    this.isSuccess = isSuccess;
    this.dropped = dropped;
  }

  Future<R> start(Duration wait, Clock clock) {
    Timer timer;
    try {
      timer = clock.timer(wait, this::backUp);
    } catch (Throwable thrown) { // Such as for a clock that is closed.
      first.discard();
      throw thrown;
    }
    promise.future().onDiscard(this::discard);
    Ending.of(
        first,
        outcome -> {
          timer.cancel();
          ended(outcome);
        });
    return promise.future();
  }

  private void discard() {
    Future<R> other;
    synchronized (this) {
      over = true; // Nothing else is sent; what comes may still be the result.
      other = second;
    }
    first.discard();
    if (other != null) {
      other.discard();
    }
  }

  private void backUp() {
    synchronized (this) {
      if (over || underWay == 0) {
        return;
      }
      underWay++;
    }
    Future<R> sent;
    try {
      sent = backup.get();
    } catch (Throwable thrown) {
      sent = Future.failed(thrown);
    }
    if (sent == null) {
      ended(null);
      return;
    }
    boolean late;
    synchronized (this) {
      second = sent;
      late = over;
    }
    Ending.of(sent, this::ended);
    if (late) {
      sent.discard();
    }
  }

  /** One of the two is over; null stands for the second one that was not sent. */
  private void ended(Future<R> outcome) {
    Future<R> other;
    boolean decides;
    boolean success = outcome != null && isSuccess.test(outcome);
    synchronized (this) {
      underWay--;
      decides = success || underWay == 0;
      over |= decides;
      other = outcome == first ? second : first;
    }
    if (outcome == null) {
      if (decides) {
        end(first);
      }
    } else if (decides) {
      end(outcome);
      if (other != null) {
        other.discard();
      }
    } else if (outcome.isReady()) {
      Steps.drop(outcome.get(), dropped);
    }
  }

  private void end(Future<R> outcome) {
    if (outcome.isFailed()) {
      promise.fail(outcome.failure());
    } else if (outcome.isDiscarded()) {
      promise.discard();
    } else if (outcome.isPending()) {
      promise.abandon();
    } else if (!promise.setUnlessDiscardRequested(outcome.get())) {
      Steps.drop(outcome.get(), dropped);
      promise.discard();
    }
  }
}
