package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.support.Closing;
import java.time.Duration;

/** A factory that makes its services by means of another, whose status and end are its own. */
abstract class ForwardingFactory<Q, R> implements ServiceFactory<Q, R> {

  final ServiceFactory<Q, R> factory;

  ForwardingFactory(ServiceFactory<Q, R> factory) {
    this.factory = requireNonNull(factory, "factory");
  }

  @Override
  public final ServiceStatus status() {
    return factory.status();
  }

  @Override
  public final Future<Void> close(Duration limit) {
    return Closing.of(() -> factory.close(limit));
  }
}
