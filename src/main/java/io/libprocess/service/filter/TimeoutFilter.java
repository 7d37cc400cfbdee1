package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.internal.Saturating;
import io.libprocess.service.Filter;
import io.libprocess.service.Service;
import io.libprocess.service.support.Expiry;
import io.libprocess.time.Clock;
import java.time.Duration;

/**
 * Gives a response some time: then the service is asked to give up, and the response is a {@link
 * RequestTimeoutException}, which is not to be retried, because the request may have had effects. A
 * later response is dropped. The limit also bounds the {@linkplain io.libprocess.context.Deadline
 * deadline} that the service sees.
 *
 * <p>A limit of more than 292 years is none.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class TimeoutFilter<Q, R> implements Filter<Q, R, Q, R> {

  private final Duration limit;
  private final boolean isUnlimited;
  private final Clock clock;
  private final CheckedConsumer<? super R> dropped;

  /**
   * Makes a filter.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public TimeoutFilter(Duration limit, Clock clock) {
    this(limit, clock, late -> {});
  }

  /**
   * Makes a filter for responses that have to be released.
   *
   * @param dropped releases a response that comes too late
   * @throws IllegalArgumentException if the limit is not positive
   */
  public TimeoutFilter(Duration limit, Clock clock, CheckedConsumer<? super R> dropped) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("limit not positive: " + limit);
    }
    this.limit = limit;
    this.isUnlimited = Saturating.nanos(limit) == Long.MAX_VALUE;
    this.clock = requireNonNull(clock, "clock");
    this.dropped = requireNonNull(dropped, "dropped");
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    if (isUnlimited) {
      return service.call(request);
    }
    Future<R> response = Deadlines.within(limit, clock, () -> service.call(request));
    return Expiry.of(
        response, limit, clock, () -> new RequestTimeoutException("response", limit), dropped);
  }
}
