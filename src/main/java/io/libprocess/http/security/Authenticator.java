package io.libprocess.http.security;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Request;

/**
 * Identifies the principal that makes a request. A node asks the authenticator of a route's realm
 * before the handler sees the request.
 *
 * <p><b>Threads.</b> It is called by several threads at once, and must not block: wrap blocking
 * calls in {@code Async.async}.
 */
public interface Authenticator {

  /**
   * Identifies the principal that makes a request. If the future fails, is discarded or is
   * abandoned, the request is answered with 500; the client sees the message of a {@link
   * io.libprocess.future.Failure} without a cause. A discard request means that the client is gone.
   *
   * @param request the request, whose body may be a stream that the handler has yet to read
   */
  Future<AuthenticationResult> authenticate(Request request);

  /**
   * Whether the body is needed to identify the principal, for instance because it is signed. If so,
   * the body is collected before this authenticator is asked, unless the route streams; otherwise
   * only afterwards, so that a refused client cannot make the server collect a body. True unless
   * overridden.
   */
  default boolean needsBody() {
    return true;
  }

  /** The scheme that this authenticator's challenges name, such as {@code Basic}. */
  String scheme();

  /**
   * Makes an authenticator of a function that may look at the body.
   *
   * @param function the function; the future fails with the exceptions that it throws
   */
  static Authenticator of(
      String scheme, CheckedFunction<? super Request, Future<AuthenticationResult>> function) {
    return new FunctionAuthenticator(scheme, function, true);
  }

  /**
   * Makes an authenticator of a function that looks only at the head: bodies of refused clients are
   * not collected.
   *
   * @param function the function; the future fails with the exceptions that it throws. The body of
   *     the request may be a stream, which it must not read
   */
  static Authenticator ofHead(
      String scheme, CheckedFunction<? super Request, Future<AuthenticationResult>> function) {
    return new FunctionAuthenticator(scheme, function, false);
  }
}
