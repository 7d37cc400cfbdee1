package io.libprocess.web;

import io.libprocess.future.Future;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.RequestAccess;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.AuthenticationResult.Authenticated;
import io.libprocess.http.security.Authenticator;
import io.libprocess.internal.Ordered;
import io.libprocess.service.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers requests by routes that do not change, without a process: each request goes its own way,
 * on the threads that bring it, and waits for no other. For any thread.
 */
public final class RouteService implements Service<Request, Response> {

  private static final RequestAccess<Request, ?, ?, ?, ?, Principal> REQUESTS =
      Access.to(Request.class);

  private final RouteTable routes = new RouteTable();
  private final Map<String, Optional<Authenticator>> realms;
  private final long mostBody;
  private final Service<Request, Response> otherwise;
  private final FailureAnswers failures;
  private final RouteMetrics metrics;

  /**
   * Makes a service of routes; later ones take the place of earlier ones for the same path and
   * methods.
   *
   * @param realms the authenticator of each; empty if it is open
   * @param mostBody how many bytes a body may have that is collected for a handler
   * @param otherwise answers what is for none of the routes
   * @param failures what is answered when a handler fails, which the filter of its route sees
   * @param metrics counts the answers
   * @throws IllegalStateException if a route has a realm that is not among those
   */
  public RouteService(
      List<BoundRoute> routes,
      Map<String, Optional<Authenticator>> realms,
      long mostBody,
      Service<Request, Response> otherwise,
      FailureAnswers failures,
      RouteMetrics metrics) {
    this.realms = Ordered.copyOf(realms);
    this.mostBody = mostBody;
    this.otherwise = otherwise;
    this.failures = failures;
    this.metrics = metrics;
    for (BoundRoute bound : routes) {
      bound.route().realm().ifPresent(this::checkRealm);
      this.routes.add(bound);
    }
  }

  private void checkRealm(String realm) {
    if (!realms.containsKey(realm)) {
      throw new IllegalStateException(
          "the realm '" + realm + "' has no authenticator and has not been opened");
    }
  }

  @Override
  public Future<Response> apply(Request request) throws Exception {
    String target = request.path();
    if (!target.startsWith("/")) {
      return Future.of(Refusals.noPath());
    }
    String path;
    try {
      path = CanonicalPath.of(target);
    } catch (IllegalArgumentException e) {
      return Future.of(Refusals.malformed(target));
    }
    if (CanonicalPath.hasDots(path)) {
      return Future.of(Response.notFound());
    }
    String below = path.length() == 1 ? "" : path;
    BoundRoute bound = routes.find(below, request);
    long began = metrics.now();
    if (bound == null) {
      return counted(metrics.noRoute(), began, otherwise.call(request));
    }
    return counted(
        metrics.of(bound),
        began,
        bound.isFiltered()
            ? bound.filter(
                request, passed -> failures.answered(passed, admit(bound, below, passed)))
            : admit(bound, below, request));
  }

  private Future<Response> counted(
      RouteMetrics.Counts counts, long began, Future<Response> answer) {
    if (answer.isPending()) {
      return answer.onAny(done -> counts.ended(done, metrics.now() - began));
    }
    counts.ended(answer, metrics.now() - began);
    return answer;
  }

  /** Calls the handler, when the requester is known and the body is there, if that is needed. */
  private Future<Response> admit(BoundRoute bound, String below, Request request) {
    Optional<Authenticator> authenticator = bound.route().realm().flatMap(realms::get);
    if (authenticator.isEmpty()) {
      return collect(bound, request, whole -> call(bound, below, whole, Optional.empty()));
    }
    Authenticator asked = authenticator.get();
    return asked.needsBody()
        ? collect(
            bound,
            request,
            whole -> identify(asked, whole, who -> call(bound, below, whole, Optional.of(who))))
        : identify(
            asked,
            request,
            who -> collect(bound, request, whole -> call(bound, below, whole, Optional.of(who))));
  }

  private static Future<Response> identify(
      Authenticator authenticator, Request request, Service<Principal, Response> next) {
    return Future.of(request)
        .then(asked -> authenticator.authenticate(asked))
        .then(
            (AuthenticationResult result) -> {
              if (!(result instanceof Authenticated found)) {
                return Future.of(Refusals.of(result));
              }
              REQUESTS.identify(request, found.principal());
              return next.apply(found.principal());
            });
  }

  private Future<Response> collect(
      BoundRoute bound, Request request, Service<Request, Response> next) {
    return bound.awaitsBody(request) || bound.isTooLarge(request, mostBody)
        ? request.buffered(bound.mostBody(mostBody)).then(next::apply)
        : next.call(request);
  }

  private static Future<Response> call(
      BoundRoute bound, String below, Request request, Optional<Principal> principal) {
    Request asked =
        bound.variables().isEmpty()
            ? request
            : request.withSegments(RouteTable.variables(bound, below));
    return bound.call(asked, principal);
  }
}
