package io.libprocess.web;

import io.libprocess.future.Failure;
import io.libprocess.http.Response;
import io.libprocess.http.grammar.PercentDecoder;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.AuthenticationResult.Forbidden;
import io.libprocess.http.security.AuthenticationResult.Unauthorized;

/** The answers to requests that get no further. */
final class Refusals {

  private Refusals() {}

  /**
   * The answer to a request that an authenticator refused.
   *
   * @throws Failure if the result is null
   */
  static Response of(AuthenticationResult result) {
    if (result instanceof Unauthorized refusal) {
      return Response.unauthorized(refusal.challenges(), refusal.text());
    }
    if (result instanceof Forbidden refusal) {
      return Response.forbidden(refusal.text());
    }
    throw new Failure("the result of the authentication is null");
  }

  /** The answer to a path that does not begin with a slash. */
  static Response noPath() {
    return Response.of(400, "Request URL path must start with '/'");
  }

  /** The answer to a path with a malformed escape: bad in an id, else the path of nothing. */
  static Response malformed(String path) {
    int start = 0;
    while (start < path.length() && path.charAt(start) == '/') {
      start++;
    }
    int slash = path.indexOf('/', start);
    try {
      PercentDecoder.path(path.substring(start, slash < 0 ? path.length() : slash));
      return Response.notFound();
    } catch (IllegalArgumentException e) {
      return Response.of(400, "Failed to decode URL path: " + path);
    }
  }
}
