package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiConsumer;
import io.libprocess.future.Future;
import io.libprocess.internal.Log;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.Filter;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;

/**
 * Tells somebody of the failures of requests, for instance a log or an error tracker, and passes
 * them on. Failures that are {@link FailureFlag#IGNORABLE} are not told, and neither are responses
 * that were discarded or abandoned. Outermost in a server it hears of what all the others throw,
 * too.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class FailureMonitor<Q, R> implements Filter<Q, R, Q, R> {

  private final CheckedBiConsumer<? super Q, ? super Throwable> heard;

  /**
   * Makes a filter.
   *
   * @param heard is told of a request and its failure, on the thread that has completed it, before
   *     the caller sees the failure; it must not block, and what it throws is logged
   */
  public FailureMonitor(CheckedBiConsumer<? super Q, ? super Throwable> heard) {
    this.heard = requireNonNull(heard, "heard");
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    return service.call(request).onFailed(failure -> tell(request, failure));
  }

  private void tell(Q request, Throwable failure) {
    if (FlaggedFailure.has(failure, FailureFlag.IGNORABLE)) {
      return;
    }
    try {
      heard.accept(request, failure);
    } catch (Throwable thrown) { // Of the user: the response is none the worse.
      Log.warning("A monitor of failures failed", thrown);
    }
  }
}
