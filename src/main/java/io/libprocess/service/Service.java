package io.libprocess.service;

import io.libprocess.future.Future;
import java.time.Duration;

/**
 * A function of a request whose response comes later. The same type stands for a client, which is a
 * function that is computed elsewhere, and for a server, which computes it. All methods may be
 * called from any thread, for several requests at once.
 *
 * <p>Callers use {@link #call}; implementations define {@link #apply}, which may throw. A discard
 * request on the response asks the service to give up.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
@FunctionalInterface
public interface Service<Q, R> {

  /**
   * Serves a request: what implementations define. It must not block.
   *
   * @throws Exception a failure of this request; {@link #call} makes a failed future of it
   */
  Future<R> apply(Q request) throws Exception;

  /**
   * Has a request served. Never throws: what {@link #apply} throws, and a null in place of a
   * future, is a failed future.
   */
  default Future<R> call(Q request) {
    try {
      Future<R> response = apply(request);
      return response != null
          ? response
          : Future.failed(new NullPointerException("the service returned null, and no future"));
    } catch (Throwable thrown) { // Of the user: an error harms no more than an exception.
      return Future.failed(thrown);
    }
  }

  /** Whether it takes requests now. The answer may be old when it arrives. */
  default ServiceStatus status() {
    return ServiceStatus.OPEN;
  }

  /**
   * Takes no more requests, and releases its resources; a service of a {@link ServiceFactory} is
   * returned to it. Idempotent.
   *
   * @param limit how long requests in flight may go on; requests that are not over then are given
   *     up
   * @return ready when that is done
   */
  default Future<Void> close(Duration limit) {
    return Future.done();
  }
}
