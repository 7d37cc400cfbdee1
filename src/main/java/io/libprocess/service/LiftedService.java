package io.libprocess.service;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import java.time.Duration;

/**
 * A service whose failures all are futures, and which is closed if it cannot say its status: what a
 * filter gets in place of one of a user.
 */
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
    return ServiceStatus.of(service);
  }

  @Override
  public Future<Void> close(Duration limit) {
    try {
      Future<Void> closed = service.close(limit);
      return closed != null ? closed : Future.done();
    } catch (StackOverflowError recursion) {
      throw recursion; // The caller may have to close it once more.
    } catch (Throwable thrown) { // Of the user. No lambda: this may be at the end of the stack.
      return Future.failed(thrown);
    }
  }
}
