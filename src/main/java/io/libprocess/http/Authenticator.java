package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;

/**
 * Finds out who makes a request. A node asks the authenticator of a route's realm before the
 * handler sees the request.
 *
 * <p><b>Threads.</b> It is asked by several threads at once, and must not block: wrap what blocks
 * in {@code Async.async}.
 */
public interface Authenticator {

  /**
   * Who makes the request. If the future fails, is discarded or abandoned, the request is answered
   * with 500; of a failure the client sees the message, so that must not hold a secret. A discard
   * request says that the client is gone.
   *
   * @param request its body may be a stream that the handler has yet to read
   */
  Future<AuthenticationResult> authenticate(Request request);

  /** The scheme that challenges of this authenticator name, such as {@code Basic}. */
  String scheme();

  /**
   * An authenticator of a function.
   *
   * @param function what it throws, the future fails with
   */
  static Authenticator of(
      String scheme, CheckedFunction<? super Request, Future<AuthenticationResult>> function) {
    requireNonNull(scheme, "scheme");
    requireNonNull(function, "function");
    return new Authenticator() {
      @Override
      public Future<AuthenticationResult> authenticate(Request request) {
        return Future.of(request).then(function::apply);
      }

      @Override
      public String scheme() {
        return scheme;
      }

      @Override
      public String toString() {
        return scheme + " authenticator";
      }
    };
  }
}
