package io.libprocess.http.security;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Request;

/** An authenticator made of a function. */
final class FunctionAuthenticator implements Authenticator {

  private final String scheme;
  private final CheckedFunction<? super Request, Future<AuthenticationResult>> function;
  private final boolean needsBody;

  FunctionAuthenticator(
      String scheme,
      CheckedFunction<? super Request, Future<AuthenticationResult>> function,
      boolean needsBody) {
    this.scheme = requireNonNull(scheme, "scheme");
    this.function = requireNonNull(function, "function");
    this.needsBody = needsBody;
  }

  @Override
  public Future<AuthenticationResult> authenticate(Request request) {
    return Future.of(request).then(function::apply);
  }

  @Override
  public boolean needsBody() {
    return needsBody;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public String toString() {
    return scheme + " authenticator";
  }
}
