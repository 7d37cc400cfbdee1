package io.libprocess.service;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import java.time.Duration;

/** A service whose failures all are futures: what a filter gets in place of one of a user. */
final class LiftedService<Q, R> implements Service<Q, R> {

  private final Service<Q, R> service;

  private LiftedService(Service<Q, R> service) {
    this.service = service;
  }

  /** The same service, or one that never throws. */
  static <Q, R> Service<Q, R> of(Service<Q, R> service) {
    requireNonNull(service, "service");
    boolean lifted = service instanceof LiftedService || service instanceof FilteredService;
    return lifted ? service : new LiftedService<>(service);
  }

  @Override
  public Future<R> apply(Q request) {
    return service.call(request);
  }

  @Override
  public Future<R> call(Q request) {
    return service.call(request);
  }

  @Override
  public ServiceStatus status() {
    return service.status();
  }

  @Override
  public Future<Void> close(Duration limit) {
    return service.close(limit);
  }
}
