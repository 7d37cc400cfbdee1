package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.filter.RequestTimeoutException;
import io.libprocess.service.support.Expiry;
import io.libprocess.settings.Check;
import io.libprocess.time.Clock;
import java.time.Duration;

/**
 * Limits how long it may take to get a session.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class AcquisitionTimeout<Q, R> extends ForwardingFactory<Q, R> {

  private final Duration limit;
  private final Clock clock;

  /**
   * Limits the time that a factory has.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public AcquisitionTimeout(ServiceFactory<Q, R> factory, Duration limit, Clock clock) {
    super(factory);
    this.limit = Check.positive("limit", limit);
    this.clock = requireNonNull(clock, "clock");
  }

  @Override
  public Future<Service<Q, R>> make() {
    return Expiry.of(
        factory.acquire(),
        limit,
        clock,
        () -> new RequestTimeoutException("session", limit),
        late -> late.close(Duration.ZERO));
  }
}
