package io.libprocess.endpoints;

import io.libprocess.web.BoundRoute;
import java.util.List;

/**
 * A built-in endpoint: an id, and the routes that a process with this id serves.
 *
 * @param id the first segment of its paths
 * @param routes the routes with their handlers, which are called in the process
 * @param isListed whether its routes are listed at {@code /help}
 * @param whenEnded releases resources of the handlers when the process has ended
 */
public record Endpoint(String id, List<BoundRoute> routes, boolean isListed, Runnable whenEnded) {

  /** Copies the list. */
  public Endpoint {
    routes = List.copyOf(routes);
  }

  /** Makes an endpoint without resources to release. */
  Endpoint(String id, List<BoundRoute> routes, boolean isListed) {
    this(id, routes, isListed, () -> {});
  }
}
