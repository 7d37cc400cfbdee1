package io.libprocess;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;

/** One HTTP handler of a process. */
final class Route {

  private final String path;
  private final CheckedFunction<Request, Future<Response>> handler;
  private final boolean streaming;

  Route(String path, CheckedFunction<Request, Future<Response>> handler, boolean streaming) {
    if (!path.startsWith("/") || path.endsWith("/") && path.length() > 1) {
      throw new IllegalArgumentException(
          "a route must start with '/' and not end with one: '" + path + "'");
    }
    this.path = path;
    this.handler = handler;
    this.streaming = streaming;
  }

  String path() {
    return path;
  }

  /** Runs in the process. */
  void handle(Process<?> process, Request request, Promise<Response> promise) {
    if (streaming || !(request.body() instanceof Body.Streamed)) {
      call(request, promise);
      return;
    }
    long limit = process.node().config().httpLimits().body();
    request
        .buffered(limit)
        .onReady(
            whole -> process.self().cell().enqueue(new Event.HttpBuffered(this, whole, promise)))
        .onFailed(promise::fail)
        .onDiscarded(promise::discard);
  }

  void call(Request request, Promise<Response> promise) {
    Future<Response> response;
    try {
      response = handler.apply(request);
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
