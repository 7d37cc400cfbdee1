package io.libprocess;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.util.Optional;

/**
 * Objects to HTTP requests before a process sees them; see {@link Security#setFirewall}. It is
 * asked by several threads at once, and must not block. If it throws, the request is answered with
 * 500.
 */
@FunctionalInterface
public interface FirewallRule {

  /**
   * The answer to a request that must not go on; empty if it may.
   *
   * @param path what the request is for: {@code /id/path} with the id decoded, the delegate's id in
   *     front of what names no process, and no slash at the end
   */
  Optional<Response> apply(Request request, String path);
}
