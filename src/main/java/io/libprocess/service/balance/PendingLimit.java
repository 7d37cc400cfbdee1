package io.libprocess.service.balance;

import io.libprocess.future.Future;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.filter.ConcurrencyLimit;
import io.libprocess.service.support.Handover;
import io.libprocess.settings.Check;
import java.time.Duration;

/**
 * Limits how many requests each session has at a time; more are refused.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class PendingLimit<Q, R> extends ForwardingFactory<Q, R> {

  private final int most;

  /**
   * Limits the sessions that a factory makes.
   *
   * @throws IllegalArgumentException if the number is less than 1
   */
  public PendingLimit(ServiceFactory<Q, R> factory, int most) {
    super(factory);
    this.most = Check.atLeast("most", most, 1);
  }

  @Override
  public Future<Service<Q, R>> make() {
    return Handover.map(
        factory.acquire(),
        session -> new ConcurrencyLimit<Q, R>(most, 0).andThen(session),
        unwanted -> unwanted.close(Duration.ZERO));
  }
}
