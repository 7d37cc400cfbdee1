package io.libprocess.http.security;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.util.Optional;

/**
 * A rule that may answer HTTP requests before the handler of a process sees them. It is called by
 * several threads at once, and must not block. If it throws an exception, the request is answered
 * with 500.
 */
@FunctionalInterface
public interface FirewallRule {

  /**
   * The answer to a request that must not go on; empty if it may.
   *
   * <p>A rule is asked about the path of the request, and if it lets that pass, about the paths
   * above it at which the request is answered: that of the route, or those of the provided
   * directories. So a rule for a path also holds for everything that is reached through that path.
   *
   * @param path {@code /id/path}, canonical: escapes are decoded, except {@code %2F} and {@code
   *     %25}, and there are no empty segments and no slash at the end. If the path of the request
   *     names no process, the delegate's id is in front
   */
  Optional<Response> apply(Request request, String path);
}
