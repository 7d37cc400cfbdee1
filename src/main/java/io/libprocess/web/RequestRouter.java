package io.libprocess.web;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.http.grammar.PercentDecoder;
import java.util.Optional;

/**
 * Routes the requests of a node to its processes: finds the process that the path of a request
 * names, and asks the firewall. All methods may be called from any thread.
 */
public final class RequestRouter {

  private final Directory processes;
  private final AccessControl access;
  private final Optional<String> delegate;
  private final RouteMetrics metrics;

  /**
   * Makes the router of a node.
   *
   * @param delegate the id of the process that gets requests whose paths name no process
   * @param metrics the metrics of the requests
   */
  public RequestRouter(
      Directory processes, AccessControl access, Optional<String> delegate, RouteMetrics metrics) {
    this.processes = processes;
    this.access = access;
    this.delegate = delegate;
    this.metrics = metrics;
  }

  /** Answers a request, or passes it to a process that does. */
  public Future<Response> handle(Request request) {
    String target = request.path();
    if (!target.startsWith("/")) {
      return refused(Refusals.noPath());
    }
    String path;
    try {
      path = CanonicalPath.of(target);
    } catch (IllegalArgumentException e) {
      return refused(Refusals.malformed(target));
    }
    return CanonicalPath.hasDots(path) ? refused(Response.notFound()) : route(request, path);
  }

  private Future<Response> refused(Response refusal) {
    metrics.noRoute().answered(refusal, 0);
    return Future.of(refusal);
  }

  private Future<Response> route(Request request, String path) {
    int slash = path.indexOf('/', 1);
    int end = slash < 0 ? path.length() : slash;
    Receiver process = end > 1 ? processes.find(PercentDecoder.path(path.substring(1, end))) : null;
    String below = path.substring(end);
    if (process == null && delegate.isPresent()) {
      process = processes.find(delegate.get());
      below = path.length() == 1 ? "" : path;
    }
    if (!access.firewall().isEmpty()) {
      String asked =
          process == null ? absolute(path) : "/" + CanonicalPath.encoded(process.id()) + below;
      Optional<Response> objection = access.firewall().objection(request, asked);
      if (objection.isPresent()) {
        return refused(objection.get());
      }
    }
    if (process == null) {
      return refused(Response.notFound());
    }
    PendingRequest pending = new PendingRequest(request, below, process, metrics);
    process.receive(pending);
    return pending.answer();
  }

  /** The path at the delegate of a request that names no process, if there is a delegate. */
  private String absolute(String path) {
    return delegate
        .map(id -> "/" + CanonicalPath.encoded(id) + (path.length() == 1 ? "" : path))
        .orElse(path);
  }
}
