package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.net.Address;
import io.libprocess.service.Filter;
import java.util.Optional;

/**
 * A filter of requests and responses, as {@link Route#filter}, {@code Config.Builder.filter} and
 * {@link HttpListener.Builder#filter} take them. It is asked for several requests at once, on
 * threads that must not be blocked.
 *
 * <pre>{@code
 * HttpFilter timed = (request, next) -> next.call(request).map(r -> r.withHeader("Server", "x"));
 * }</pre>
 */
@FunctionalInterface
public interface HttpFilter extends Filter<Request, Response, Request, Response> {

  /**
   * Hears of an answer to what was no request, because it could not be understood, did not arrive
   * in time or was too large, so that there is nothing to filter: 400, 408, 431 and others. Only
   * the filters of a node and of a listener hear of it. It must not block.
   *
   * @param client who has sent it; empty if the client has no IP
   */
  default void refused(Optional<Address> client, Response answer) {}

  /** A filter as one of this type: the same, if it is one already. */
  static HttpFilter of(Filter<Request, Response, Request, Response> filter) {
    requireNonNull(filter, "filter");
    return filter instanceof HttpFilter same ? same : new HttpFilterPair(filter);
  }

  /**
   * The filter of this one and, behind it, another, which both hear of what is {@link #refused}.
   */
  default HttpFilter before(Filter<Request, Response, Request, Response> next) {
    return new HttpFilterPair(this, of(next));
  }
}
