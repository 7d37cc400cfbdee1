package io.libprocess.service;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import java.time.Duration;

/**
 * Gives services for a time: sessions, such as connections. They have to be {@linkplain
 * Service#close closed}, which returns them to their pool, if there is one. All methods may be
 * called from any thread.
 *
 * <p>Callers use {@link #acquire}; implementations define {@link #make}, which may throw.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
@FunctionalInterface
public interface ServiceFactory<Q, R> {

  /**
   * Gives a service: what implementations define. It must not block. A discard request gives up; a
   * service that comes anyway has to be closed, so implementations complete the future by {@link
   * io.libprocess.future.Promise#setUnlessDiscardRequested}.
   *
   * @throws Exception a failure of this attempt; {@link #acquire} makes a failed future of it
   */
  Future<Service<Q, R>> make() throws Exception;

  /**
   * Gives a service. Never throws: what {@link #make} throws, and a null in place of a future, is a
   * failed future.
   */
  default Future<Service<Q, R>> acquire() {
    try {
      Future<Service<Q, R>> session = make();
      return session != null
          ? session
          : Future.failed(new NullPointerException("the factory returned null, and no future"));
    } catch (Throwable thrown) { // Of the user: an error harms no more than an exception.
      return Future.failed(thrown);
    }
  }

  /** Whether services can be had now. The answer may be old when it arrives. */
  default ServiceStatus status() {
    return ServiceStatus.OPEN;
  }

  /**
   * Gives no more services, and releases its resources. Idempotent.
   *
   * @param limit how long services that are in use may be kept; then they are closed
   * @return ready when that is done
   */
  default Future<Void> close(Duration limit) {
    return Future.done();
  }

  /** A factory that gives the same service each time, and closes it when it is closed itself. */
  static <Q, R> ServiceFactory<Q, R> of(Service<Q, R> service) {
    return new SingleServiceFactory<>(LiftedService.of(service));
  }

  /** A factory whose services have a filter before them, the same one for all. */
  default <QI, RO> ServiceFactory<QI, RO> filtered(Filter<QI, RO, Q, R> filter) {
    return new FilteredFactory<>(requireNonNull(filter, "filter"), this);
  }

  /**
   * A service that acquires a service for each request and closes it when the response is completed
   * or abandoned. If none can be acquired the request fails and is {@link FailureFlag#RETRYABLE},
   * since nothing was sent, unless that failure says otherwise.
   */
  default Service<Q, R> perRequest() {
    return new PerRequestService<>(this, null);
  }

  /**
   * The same as {@link #perRequest()} for responses that are not over when they begin, such as
   * those whose body is a stream: the service is closed when a function is called.
   *
   * @param hold gives the response that the caller gets in place of one; the function has to be
   *     called once that is over, and may be called more often
   */
  default Service<Q, R> perRequest(CheckedBiFunction<? super R, Runnable, ? extends R> hold) {
    return new PerRequestService<>(this, requireNonNull(hold, "hold"));
  }
}
