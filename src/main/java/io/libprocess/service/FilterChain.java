package io.libprocess.service;

import io.libprocess.future.Future;

/** Two filters, one behind the other. */
final class FilterChain<QI, RO, QM, RM, QO, RI> implements Filter<QI, RO, QO, RI> {

  private final Filter<QI, RO, QM, RM> first;
  private final Filter<QM, RM, QO, RI> second;

  FilterChain(Filter<QI, RO, QM, RM> first, Filter<QM, RM, QO, RI> second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public Future<RO> apply(QI request, Service<QO, RI> service) throws Exception {
    return first.apply(request, second.andThen(service));
  }

  /** Binds the filters one by one, so that requests allocate nothing for the composition. */
  @Override
  public Service<QI, RO> andThen(Service<QO, RI> service) {
    return first.andThen(second.andThen(service));
  }

  @Override
  public ServiceStatus status() {
    return first.status().worse(second.status());
  }
}
