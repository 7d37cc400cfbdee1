package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.util.Optional;

/** One HTTP handler of a process. */
final class Route {

  private final String path;
  private final Optional<String> realm;
  private final CheckedBiFunction<Request, Optional<Principal>, Future<Response>> handler;
  private final boolean streaming;

  /** A route whose handler does not care who makes a request. */
  Route(String path, CheckedFunction<Request, Future<Response>> handler, boolean streaming) {
    this(path, Optional.empty(), (request, principal) -> handler.apply(request), streaming);
    requireNonNull(handler, "handler");
  }

  Route(
      String path,
      Optional<String> realm,
      CheckedBiFunction<Request, Optional<Principal>, Future<Response>> handler,
      boolean streaming) {
    if (!path.startsWith("/") || path.endsWith("/") && path.length() > 1) {
      throw new IllegalArgumentException(
          "a route must start with '/' and not end with one: '" + path + "'");
    }
    this.path = path;
    this.realm = realm;
    this.handler = requireNonNull(handler, "handler");
    this.streaming = streaming;
  }

  String path() {
    return path;
  }

  /** Whose authenticator is asked. */
  Optional<String> realm() {
    return realm;
  }

  /** Whether the handler has to wait for the body of a request. */
  boolean awaitsBody(Request request) {
    return !streaming && request.body() instanceof Body.Streamed;
  }

  /** Runs in the process. */
  void handle(Process<?> process, Request request, String below, Promise<Response> promise) {
    if (!awaitsBody(request)) {
      process.entered(this, request, promise);
      return;
    }
    long limit = process.node().config().httpLimits().body();
    request
        .buffered(limit)
        .onReady(
            whole ->
                process.self().cell().enqueue(new Event.HttpBuffered(this, whole, below, promise)))
        .onFailed(promise::fail)
        .onDiscarded(promise::discard);
  }

  void call(Request request, Optional<Principal> principal, Promise<Response> promise) {
    Future<Response> response;
    try {
      response = handler.apply(request, principal);
    } catch (Throwable thrown) {
      promise.fail(thrown);
      return;
    }
    if (response == null) {
      promise.fail(new NullPointerException("the handler of " + path + " returned null"));
    } else if (response.isReady()) {
      promise.set(response.get());
    } else {
      promise.associate(response);
    }
  }
}
