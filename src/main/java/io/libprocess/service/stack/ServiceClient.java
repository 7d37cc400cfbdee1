package io.libprocess.service.stack;

import io.libprocess.future.Future;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.balance.Balancer;
import io.libprocess.service.filter.MetricsFilter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A client with endpoints that may change, made by {@link ClientStack#build}. It has to be closed.
 * All methods may be called from any thread.
 *
 * @param <K> what tells endpoints apart
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class ServiceClient<K, Q, R> implements Service<Q, R> {

  private final Service<Q, R> service;
  private final Balancer<K, Q, R> balancer;
  private final List<MetricsFilter<Q, R>> metrics;

  ServiceClient(
      Service<Q, R> service, Balancer<K, Q, R> balancer, List<MetricsFilter<Q, R>> metrics) {
    this.service = service;
    this.balancer = balancer;
    this.metrics = metrics;
  }

  @Override
  public Future<R> apply(Q request) {
    return service.call(request);
  }

  /**
   * Says which endpoints there are from now on: see {@link Balancer#update}.
   *
   * @param limit how long those that go may go on with what they have
   * @throws IllegalStateException if this client is closed
   */
  public Future<Void> update(Collection<? extends K> endpoints, Duration limit) {
    return balancer.update(endpoints, limit);
  }

  /** The best status of the endpoints; busy if there are none. */
  @Override
  public ServiceStatus status() {
    return service.status();
  }

  /** Closes all sessions, those in use when they are given back, and removes its metrics. */
  @Override
  public Future<Void> close(Duration limit) {
    return balancer.close(limit).onAny(done -> metrics.forEach(MetricsFilter::close));
  }
}
