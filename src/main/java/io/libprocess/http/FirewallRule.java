package io.libprocess.http;

import java.util.Optional;

/**
 * Objects to HTTP requests before the handler of a process sees them. It is asked by several
 * threads at once, and must not block. If it throws anything, the request is answered with 500.
 */
@FunctionalInterface
public interface FirewallRule {

  /**
   * The answer to a request that must not go on; empty if it may.
   *
   * <p>A rule is asked about the path of the request, and if it lets that pass, about the paths
   * above it at which the request is answered: that of the route, or those of the provided
   * directories. So a rule for a path holds for what is reached through that path, too.
   *
   * @param path {@code /id/path}, canonical: escapes are decoded, but for {@code %2F} and {@code
   *     %25}, there are no empty segments and no slash at the end. If the path of the request names
   *     no process, the delegate's id is in front
   */
  Optional<Response> apply(Request request, String path);
}
