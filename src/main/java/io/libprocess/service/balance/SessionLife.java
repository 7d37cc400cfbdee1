package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.internal.Saturating;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.support.Closing;
import io.libprocess.service.support.Handover;
import io.libprocess.settings.Check;
import io.libprocess.time.Clock;
import java.time.Duration;

/**
 * Limits the age of sessions: one that is older is {@link ServiceStatus#CLOSED}, so a {@link Pool}
 * closes it when it is not in use.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class SessionLife<Q, R> extends ForwardingFactory<Q, R> {

  private final long lifeNanos;
  private final Clock clock;

  /**
   * Limits the age of what a factory makes.
   *
   * @throws IllegalArgumentException if the age is not positive
   */
  public SessionLife(ServiceFactory<Q, R> factory, Duration life, Clock clock) {
    super(factory);
    this.lifeNanos = Saturating.nanos(Check.positive("life", life));
    this.clock = requireNonNull(clock, "clock");
  }

  private record Aging<Q, R>(Service<Q, R> session, long born, long lifeNanos, Clock clock)
      implements Service<Q, R> {

    @Override
    public Future<R> apply(Q request) {
      return session.call(request);
    }

    @Override
    public ServiceStatus status() {
      return clock.nanoTime() - born >= lifeNanos ? ServiceStatus.CLOSED : session.status();
    }

    @Override
    public Future<Void> close(Duration limit) {
      return Closing.of(() -> session.close(limit));
    }
  }

  @Override
  public Future<Service<Q, R>> make() {
    return Handover.map(
        factory.acquire(),
        session -> new Aging<>(session, clock.nanoTime(), lifeNanos, clock),
        unwanted -> unwanted.close(Duration.ZERO));
  }
}
