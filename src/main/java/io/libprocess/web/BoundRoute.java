package io.libprocess.web;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Percent;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.grammar.CanonicalPath;
import java.util.List;
import java.util.Optional;

/** A route with its handler. Immutable. */
public final class BoundRoute {

  private static final String OPTIONS = "OPTIONS";

  private enum Kind {
    HANDLER,
    ASSET,
    REFUSAL
  }

  private final Route route;
  private final List<String> variables;
  private final CheckedBiFunction<Request, Optional<Principal>, Future<Response>> handler;
  private final Kind kind;
  private final String path;
  private RouteMetrics.Counts counts; // Null before the first answer; the same on every thread.

  private BoundRoute(
      Route route,
      CheckedBiFunction<Request, Optional<Principal>, Future<Response>> handler,
      Kind kind) {
    this.route = route;
    this.path = path(route.segments());
    this.variables = route.segments().isEmpty() ? List.of() : route.variables();
    this.handler = handler;
    this.kind = kind;
  }

  private static String path(List<String> segments) {
    StringBuilder path = new StringBuilder();
    segments.forEach(segment -> path.append('/').append(CanonicalPath.encoded(segment)));
    return path.toString();
  }

  /** Makes a route whose handler gets the principal of a request. */
  public static BoundRoute of(
      Route route, CheckedBiFunction<Request, Optional<Principal>, Future<Response>> handler) {
    return new BoundRoute(
        requireNonNull(route, "route"), requireNonNull(handler, "handler"), Kind.HANDLER);
  }

  /** Makes a route whose handler does not need the principal of a request. */
  public static BoundRoute of(Route route, CheckedFunction<Request, Future<Response>> handler) {
    requireNonNull(handler, "handler");
    return of(route, (request, principal) -> handler.apply(request));
  }

  /** Makes a route that refuses requests for a path that has routes, but none for their methods. */
  static BoundRoute refusing(Route route, List<String> allowed) {
    Response options = Response.of(204).withHeader("Allow", String.join(", ", allowed));
    return new BoundRoute(
        Route.at(route.path()).streaming(),
        (request, principal) ->
            Future.of(
                request.method().equals(OPTIONS)
                    ? options
                    : Response.methodNotAllowed(allowed, request)),
        Kind.REFUSAL);
  }

  /**
   * Makes a route that answers a request with a file.
   *
   * @param name the asset's name
   * @param names the segments of the request's path that follow it
   */
  static BoundRoute providing(String name, Asset asset, List<String> names) {
    return new BoundRoute(
        Route.at("/" + Percent.encode(name)).streaming(),
        (request, principal) -> Future.of(asset.answer(request, names)),
        Kind.ASSET);
  }

  /** The route. */
  public Route route() {
    return route;
  }

  /** The names of the variables in the route's path. */
  List<String> variables() {
    return variables;
  }

  /** The route's canonical path below the process; empty for the process itself. */
  String path() {
    return path;
  }

  /** Whether it refuses at once, without admission. */
  boolean refuses() {
    return kind == Kind.REFUSAL;
  }

  /** Whether it answers with a file. */
  boolean isAsset() {
    return kind == Kind.ASSET;
  }

  /** Whether the handler has to wait for the body of a request. */
  boolean awaitsBody(Request request) {
    return !route.isStreaming() && request.body() instanceof Body.Streamed;
  }

  /** The counts of its requests; null if not known yet. */
  RouteMetrics.Counts counts() {
    return counts;
  }

  void counts(RouteMetrics.Counts found) {
    counts = found;
  }

  /** Calls the handler; the future fails if the handler throws. */
  public Future<Response> call(Request request, Optional<Principal> principal) {
    Future<Response> response;
    try {
      response = handler.apply(request, principal);
    } catch (Throwable thrown) {
      return Future.failed(thrown);
    }
    return response != null
        ? response
        : Future.failed(new NullPointerException("the handler of " + route + " returned null"));
  }
}
