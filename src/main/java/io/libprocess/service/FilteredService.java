package io.libprocess.service;

import io.libprocess.future.Future;
import io.libprocess.service.support.Closing;
import java.time.Duration;

/** A service with a filter before it. None of its methods throws. */
final class FilteredService<QI, RO, QO, RI> implements Service<QI, RO> {

  private final Filter<QI, RO, QO, RI> filter;
  private final Service<QO, RI> service; // No method of it throws.

  FilteredService(Filter<QI, RO, QO, RI> filter, Service<QO, RI> service) {
    this.filter = filter;
    this.service = service;
  }

  @Override
  public Future<RO> apply(QI request) {
    return call(request);
  }

  @Override
  public Future<RO> call(QI request) {
    try {
      Future<RO> response = filter.apply(request, service);
      return response != null
          ? response
          : Future.failed(new NullPointerException("the filter returned null, and no future"));
    } catch (Throwable thrown) { // Of the user: an error harms no more than an exception.
      return Future.failed(thrown);
    }
  }

  @Override
  public ServiceStatus status() {
    return ServiceStatus.of(filter).worse(service.status());
  }

  @Override
  public Future<Void> close(Duration limit) {
    return Closing.of(() -> service.close(limit));
  }
}
