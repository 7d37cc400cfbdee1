package io.libprocess.service;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;

/**
 * Something that stands before a service: a function of a request and the service behind it. It may
 * call the service once, several times or not at all, act before and after that, and give either
 * side other types; so a filter that turns a request into an authenticated one makes sure that no
 * other requests reach the services behind it. A simple filter, {@code Filter<Q, R, Q, R>}, changes
 * no types. All methods may be called from any thread, for several requests at once: the state of
 * one request belongs into the callbacks of that request.
 *
 * <p>The service that a filter is given by {@link #andThen(Service)} never throws and never returns
 * null, whether it is used by {@link Service#call} or {@link Service#apply}.
 *
 * <p>Filters should keep what they need of a request while its response is pending, and not all of
 * it.
 *
 * @param <QI> the type of requests that come in
 * @param <RO> the type of responses that go out
 * @param <QO> the type of requests to the service behind
 * @param <RI> the type of responses of the service behind
 */
@FunctionalInterface
public interface Filter<QI, RO, QO, RI> {

  /**
   * Serves a request by means of a service. It must not block.
   *
   * @throws Exception a failure of this request, as a failed future is one
   */
  Future<RO> apply(QI request, Service<QO, RI> service) throws Exception;

  /**
   * The status of what this is put before is never better than this. A filter that can tell that
   * requests would fail says so here.
   */
  default ServiceStatus status() {
    return ServiceStatus.OPEN;
  }

  /**
   * A filter of this one and, behind it, another: requests pass this one first, responses last. The
   * operation is associative, and {@link #identity} is its neutral element.
   */
  default <Q2, R2> Filter<QI, RO, Q2, R2> andThen(Filter<QO, RI, Q2, R2> next) {
    return new FilterChain<>(this, requireNonNull(next, "next"));
  }

  /**
   * A service that has this filter before it. Its status is the worse of both; to close it closes
   * the service.
   */
  default Service<QI, RO> andThen(Service<QO, RI> service) {
    return new FilteredService<>(this, LiftedService.of(service));
  }

  /** A filter that does nothing. */
  static <Q, R> Filter<Q, R, Q, R> identity() {
    return (request, service) -> service.call(request);
  }
}
