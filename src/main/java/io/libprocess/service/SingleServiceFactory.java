package io.libprocess.service;

import io.libprocess.future.Future;
import io.libprocess.service.support.Closing;
import java.time.Duration;

/** Gives one service to all, and closes it in the end only. */
final class SingleServiceFactory<Q, R> implements ServiceFactory<Q, R> {

  private final Service<Q, R> service;
  private final Future<Service<Q, R>> lent;

  SingleServiceFactory(Service<Q, R> service) {
    this.service = service;
    this.lent = Future.of(new Lent<>(service));
  }

  /** The service without its end: to close it does nothing. */
  private record Lent<Q, R>(Service<Q, R> service) implements Service<Q, R> {

    @Override
    public Future<R> apply(Q request) {
      return service.call(request);
    }

    @Override
    public ServiceStatus status() {
      return service.status();
    }
  }

  @Override
  public Future<Service<Q, R>> make() {
    return lent;
  }

  @Override
  public ServiceStatus status() {
    return service.status();
  }

  @Override
  public Future<Void> close(Duration limit) {
    return Closing.of(() -> service.close(limit));
  }
}
