package io.libprocess.http;

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
   * with 500; of a {@link io.libprocess.future.Failure} without a cause the client sees the
   * message. A discard request says that the client is gone.
   *
   * @param request its body may be a stream that the handler has yet to read
   */
  Future<AuthenticationResult> authenticate(Request request);

  /**
   * Whether the body is needed to find out who makes the request, as by signatures over it. If so,
   * the body is collected before anybody is asked, unless the route streams; else only after that,
   * so that nobody can have a body collected who is refused. True unless overridden.
   */
  default boolean needsBody() {
    return true;
  }

  /** The scheme that challenges of this authenticator name, such as {@code Basic}. */
  String scheme();

  /**
   * An authenticator of a function that may look at the body.
   *
   * @param function what it throws, the future fails with
   */
  static Authenticator of(
      String scheme, CheckedFunction<? super Request, Future<AuthenticationResult>> function) {
    return new FunctionAuthenticator(scheme, function, true);
  }

  /**
   * An authenticator of a function that looks at the head only: bodies of those who are refused are
   * not collected.
   *
   * @param function what it throws, the future fails with; the body of what it is given may be a
   *     stream, which it must not read
   */
  static Authenticator ofHead(
      String scheme, CheckedFunction<? super Request, Future<AuthenticationResult>> function) {
    return new FunctionAuthenticator(scheme, function, false);
  }
}
