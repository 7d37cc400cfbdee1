package io.libprocess.service.filter;

import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.Filter;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;

/**
 * Takes {@link FailureFlag#RETRYABLE} off failures, which holds between a client and its server
 * only: a server that passed on the failure of its own client would tell others that it has done
 * nothing. Stands outside of all that retries.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class StripRetryable<Q, R> implements Filter<Q, R, Q, R> {

  /** Makes a filter. */
  public StripRetryable() {}

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    return service.call(request).repair(StripRetryable::stripped);
  }

  private static <R> Future<R> stripped(Future<R> failed) {
    Throwable failure = failed.failure();
    Throwable bare = FlaggedFailure.without(failure, FailureFlag.RETRYABLE);
    return bare == failure ? failed : Future.failed(bare);
  }
}
