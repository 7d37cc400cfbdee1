package io.libprocess.observer;

import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.net.Address;
import io.libprocess.service.Service;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A check of requests beyond the realms and the firewall. Unless the observer was switched on for
 * all clients, it answers only those that connect from this host, directly and by one of its own
 * names. So neither a proxy nor a page of another host whose name resolves to this one can show the
 * node to others. Requests that change something are always refused to pages of other origins.
 * Immutable.
 *
 * @param isForAll whether the observer was switched on for all clients
 */
record Guard(boolean isForAll) {

  private static final List<String> FORWARDING =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

  private static final Response ELSEWHERE =
      Response.forbidden(
          "The observer answers only on the host of the node, without a proxy."
              + " Set LIBPROCESS_OBSERVER=on in the node's environment to have it everywhere,"
              + " and give the realms libprocess-readonly and libprocess-readwrite"
              + " an authenticator.\n");

  private static final Response OTHER_ORIGIN =
      Response.forbidden("A page of another origin cannot do this.\n");

  /** A handler that is only called for those who are let in. */
  Service<Request, Response> guarding(Service<Request, Response> handler) {
    return request -> {
      Optional<Response> refusal = refusal(request);
      return refusal.isPresent() ? Future.of(refusal.get()) : handler.apply(request);
    };
  }

  private Optional<Response> refusal(Request request) {
    if (!isForAll && !isFromHere(request)) {
      return Optional.of(ELSEWHERE);
    }
    boolean isSafe = request.method().equals("GET") || request.method().equals("HEAD");
    return isSafe || isOfSameOrigin(request.headers())
        ? Optional.empty()
        : Optional.of(OTHER_ORIGIN);
  }

  private static boolean isFromHere(Request request) {
    boolean isLoopback =
        request.client().map(client -> client.ip().isLoopbackAddress()).orElse(true);
    return isLoopback
        && FORWARDING.stream().noneMatch(name -> request.headers().first(name).isPresent())
        && request.headers().first("Host").map(Guard::isLocalName).orElse(true);
  }

  /** Whether a host, with or without a port, is a literal address or {@code localhost}. */
  private static boolean isLocalName(String host) {
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > host.lastIndexOf(']');
    String name = (hasPort ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    if (name.startsWith("[") && name.endsWith("]")) {
      return true; // No name has brackets.
    }
    return name.equals("localhost") || name.endsWith(".localhost") || isLiteral(name);
  }

  private static boolean isLiteral(String name) {
    try {
      return Address.parseIp(name) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Whether a browser says that the request comes from the same origin; other clients say nothing.
   */
  private static boolean isOfSameOrigin(Headers headers) {
    Optional<String> origin = headers.first("Origin");
    String host = headers.first("Host").orElse("");
    return headers
            .first("Sec-Fetch-Site")
            .map(site -> site.equals("same-origin") || site.equals("none"))
            .orElse(true)
        && origin
            .map(from -> from.equals("http://" + host) || from.equals("https://" + host))
            .orElse(true);
  }
}
