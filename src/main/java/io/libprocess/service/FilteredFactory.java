package io.libprocess.service;

import io.libprocess.future.Future;
import io.libprocess.service.support.Closing;
import io.libprocess.service.support.Handover;
import java.time.Duration;

/** Puts a filter before each service of a factory. */
final class FilteredFactory<QI, RO, QO, RI> implements ServiceFactory<QI, RO> {

  private final Filter<QI, RO, QO, RI> filter;
  private final ServiceFactory<QO, RI> factory;

  FilteredFactory(Filter<QI, RO, QO, RI> filter, ServiceFactory<QO, RI> factory) {
    this.filter = filter;
    this.factory = factory;
  }

  @Override
  public Future<Service<QI, RO>> make() {
    return Handover.map(factory.acquire(), this::filtered, service -> service.close(Duration.ZERO));
  }

  private Service<QI, RO> filtered(Service<QO, RI> service) {
    try {
      return filter.andThen(service);
    } catch (Throwable thrown) { // A filter of the user may do something else there.
      Closing.logged(() -> service.close(Duration.ZERO));
      throw thrown;
    }
  }

  @Override
  public ServiceStatus status() {
    return ServiceStatus.of(filter).worse(ServiceStatus.of(factory));
  }

  @Override
  public Future<Void> close(Duration limit) {
    return Closing.of(() -> factory.close(limit));
  }
}
