package io.libprocess.service.filter;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.internal.StackReserve;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.Filter;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.support.Ending;
import io.libprocess.service.support.GivingBack;
import io.libprocess.service.support.Steps;
import io.libprocess.sync.Permit;
import io.libprocess.sync.Semaphore;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets so many requests be served at a time, and so many wait, first come, first served; others
 * fail with {@link FailureFlag#REJECTED} and {@link FailureFlag#RETRYABLE}. A request counts until
 * its response is completed or abandoned; one that waits and is discarded leaves the queue.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class ConcurrencyLimit<Q, R> implements Filter<Q, R, Q, R> {

  private final int most;
  private final int mostWaiting;
  private final Semaphore places;
  private final AtomicInteger waiting = new AtomicInteger();

  private static final class PermitBack<R> extends GivingBack<R> {
    private final Permit permit;

    PermitBack(Permit permit) {
      this.permit = permit;
    }

    @Override
    protected void giveBack() {
      permit.close();
    }
  }

  /**
   * Makes a filter.
   *
   * @param most how many are served at a time
   * @param mostWaiting how many may wait
   * @throws IllegalArgumentException if the first number is less than 1 or the second negative
   */
  public ConcurrencyLimit(int most, int mostWaiting) {
    if (mostWaiting < 0) {
      throw new IllegalArgumentException("mostWaiting < 0: " + mostWaiting);
    }
    this.most = most;
    this.mostWaiting = mostWaiting;
    this.places = new Semaphore(most);
  }

  /** How many requests wait. */
  public int waiting() {
    return waiting.get();
  }

  /** How many more requests would be served at once. */
  public int available() {
    return places.available();
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    StackReserve.checkForOperation(); // A place that is taken is given back.
    GivingBack.giveWaiting();
    Optional<Permit> free = places.tryAcquire(1);
    if (free.isPresent()) {
      PermitBack<R> back = new PermitBack<>(free.get());
      try {
        return Ending.of(service.call(request), back);
      } catch (Throwable thrown) { // There was no stack for the call.
        back.now();
        throw thrown;
      }
    }
    if (waiting.incrementAndGet() > mostWaiting) {
      waiting.decrementAndGet();
      return Future.failed(
          FlaggedFailure.of(
              most + " requests are being served and " + mostWaiting + " wait already",
              FailureFlag.REJECTED,
              FailureFlag.RETRYABLE));
    }
    return queue(request, service);
  }

  private Future<R> queue(Q request, Service<Q, R> service) {
    Future<Permit> place;
    CheckedConsumer<Future<Permit>> leaving;
    Steps<R> steps;
    try {
      leaving = over -> waiting.decrementAndGet();
      steps = new Steps<>(unwanted -> {});
      place = places.acquire();
    } catch (Throwable thrown) {
      waiting.decrementAndGet();
      throw thrown;
    }
    Ending.of(place, leaving);
    steps.enter(place, granted -> admitted(granted, request, service, steps));
    return steps.future();
  }

  private void admitted(Future<Permit> granted, Q request, Service<Q, R> service, Steps<R> steps) {
    if (!granted.isReady()) {
      steps.endWithoutValue(granted);
      return;
    }
    PermitBack<R> back = new PermitBack<>(granted.get());
    if (steps.isDiscardRequested()) {
      back.now();
      steps.discard();
      return;
    }
    try {
      steps.enter(Ending.of(service.call(request), back), steps::end);
    } catch (Throwable thrown) {
      back.now();
      throw thrown;
    }
  }
}
