package io.libprocess.web;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Percent;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.service.Service;
import io.libprocess.stream.Transform;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

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
  private final Service<Request, Response> filtered; // The handler; null if it has no filter.
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
    this.filtered =
        route
            .filterAdmitted()
            .map(
                filter -> filter.andThen(admitted -> handler.apply(admitted, admitted.principal())))
            .orElse(null);
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

  /** A route whose handler does not care who makes a request. */
  public static BoundRoute of(Route route, Service<? super Request, Response> handler) {
    requireNonNull(handler, "handler");
    return of(route, (request, principal) -> handler.apply(request));
  }

  /**
   * A route that answers requests for a path that has routes, but none for their methods.
   *
   * @param route the route that gives it the path and the filter
   */
  static BoundRoute refusing(Route route, List<String> allowed) {
    Response options = Response.of(204).withHeader("Allow", String.join(", ", allowed));
    Route refused = Route.at(route.path()).streaming();
    return new BoundRoute(
        route.filter().map(refused::filter).orElse(refused),
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

  /** Whether there is a filter around all that is done for a request. */
  boolean isFiltered() {
    return route.filter().isPresent();
  }

  /**
   * The answer of the filter of the route, if it has one; a failed future if it throws anything.
   */
  Future<Response> filter(Request request, Service<Request, Response> passedOn) {
    return route.filter().orElseThrow().andThen(passedOn).call(request);
  }

  /** Whether it answers with a file. */
  boolean isAsset() {
    return kind == Kind.ASSET;
  }

  /** Whether the handler has to wait for the body of a request. */
  boolean awaitsBody(Request request) {
    return !route.isStreaming() && request.body() instanceof Body.Streamed;
  }

  /** How many bytes a body may have where a server collects so many. */
  long mostBody(long ofServer) {
    return Math.min(ofServer, route.maxBody().orElse(Long.MAX_VALUE));
  }

  /** Whether a body that is there has more bytes than it may have. */
  boolean isTooLarge(Request request, long ofServer) {
    return !(request.body() instanceof Body.Streamed)
        && (!route.isStreaming() || route.maxBody().isPresent())
        && request.bytes().size() > mostBody(ofServer);
  }

  /**
   * A request whose body, if it is streamed to the handler, has no more bytes than it may have.
   *
   * @throws StatusException of status 413 if more are announced
   */
  private Request limited(Request request) {
    if (route.maxBody().isEmpty() || !(request.body() instanceof Body.Streamed streamed)) {
      return request;
    }
    long most = route.maxBody().getAsLong();
    if (ContentLength.parse(request.headers().first("Content-Length", "")) > most) {
      streamed.refuse();
      throw tooLarge(most);
    }
    AtomicLong size = new AtomicLong();
    return request.withBody(
        Body.of(
            streamed.stream()
                .via(
                    Transform.tap(
                        piece -> {
                          if (size.addAndGet(piece.size()) > most) {
                            throw tooLarge(most);
                          }
                        }))));
  }

  private static StatusException tooLarge(long most) {
    return new StatusException(
        Status.CONTENT_TOO_LARGE, "The body has more than " + most + " bytes.");
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
      Request limited = limited(request);
      if (filtered != null) {
        return filtered.call(limited);
      }
      response = handler.apply(limited, principal);
    } catch (Throwable thrown) {
      return Future.failed(thrown);
    }
    return response != null
        ? response
        : Future.failed(new NullPointerException("the handler of " + route + " returned null"));
  }
}
