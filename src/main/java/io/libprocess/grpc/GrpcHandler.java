package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.service.Service;
import io.libprocess.settings.Check;

/**
 * The handler of a method, for a {@linkplain io.libprocess.http.Route#streaming streaming} route:
 * {@link Grpc} makes it. Immutable; may be used by any thread.
 */
public final class GrpcHandler implements Service<Request, Response> {

  static final int MOST = 4 << 20;

  /** Serves a request. */
  @FunctionalInterface
  interface Method {
    Future<Response> serve(Request request, int mostMessage);
  }

  private final Method method;
  private final int most;

  GrpcHandler(Method method) {
    this(method, MOST);
  }

  private GrpcHandler(Method method, int most) {
    this.method = method;
    this.most = most;
  }

  /**
   * The same handler with another limit of the size of a request message, also when it is inflated:
   * a larger one ends the call with {@link GrpcStatus#RESOURCE_EXHAUSTED}. By default it is 4 MiB.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public GrpcHandler maxMessage(int bytes) {
    return new GrpcHandler(method, Check.atLeast("maxMessage", bytes, 0));
  }

  @Override
  public Future<Response> apply(Request request) {
    return method.serve(requireNonNull(request, "request"), most);
  }
}
