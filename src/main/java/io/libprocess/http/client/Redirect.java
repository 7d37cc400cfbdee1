package io.libprocess.http.client;

import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import java.util.List;
import java.util.Optional;

/**
 * A redirect: the URL to which a response sends a request, and the request to send there.
 *
 * <p>After 301 and 302 a POST becomes a GET without a body, as in all clients; after 303 every
 * method but HEAD does. Headers with credentials are not sent to another origin. A redirect that
 * cannot be followed safely is not followed: a stream cannot be sent twice, encryption is not given
 * up, and no server on the network may make a client reach a local socket.
 *
 * @param url the new URL
 * @param request the new request
 */
record Redirect(Url url, Request request) {

  private static final List<String> CREDENTIALS =
      List.of("Authorization", "Proxy-Authorization", "Cookie");
  private static final List<String> OF_BODY =
      List.of(
          "Content-Type",
          "Content-Encoding",
          "Content-Language",
          "Content-Location",
          "Content-Length",
          "Expect");

  /** The redirect that follows from a response; empty if the response is the answer. */
  static Optional<Redirect> of(Url url, Request request, Response response) {
    boolean becomesGet;
    switch (response.status().code()) {
      case 301, 302 -> becomesGet = request.method().equals("POST");
      case 303 -> becomesGet = !request.method().equals("HEAD");
      case 307, 308 -> becomesGet = false;
      default -> {
        return Optional.empty();
      }
    }
    Url target = target(url, response);
    boolean lost = !becomesGet && request.body() instanceof Body.Streamed;
    return target == null || lost
        ? Optional.empty()
        : Optional.of(new Redirect(target, changed(url, target, request, becomesGet)));
  }

  /** The URL to go to; null if there is none to be followed. */
  private static Url target(Url from, Response response) {
    String location = response.headers().first("Location", "");
    if (location.isEmpty()) {
      return null;
    }
    Url to;
    try {
      to = from.resolve(encoded(location));
    } catch (IllegalArgumentException e) {
      return null;
    }
    boolean downgrade = from.scheme().equals("https") && !to.scheme().equals("https");
    boolean local = to.isUnix() && !to.hasSameOrigin(from);
    return downgrade || local || !Dialer.supports(to.scheme()) ? null : to;
  }

  /**
   * Encodes characters that the server should have encoded, such as blanks and bytes of other
   * character sets.
   */
  private static String encoded(String location) {
    StringBuilder encoded = new StringBuilder(location.length());
    for (int i = 0; i < location.length(); i++) {
      char c = location.charAt(i);
      encoded.append(
          c > ' ' && c < 0x7F ? Character.toString(c) : String.format("%%%02X", (int) c));
    }
    return encoded.toString();
  }

  private static Request changed(Url from, Url to, Request request, boolean becomesGet) {
    Headers.Builder headers = request.headers().toBuilder();
    if (!to.hasSameOrigin(from)) {
      CREDENTIALS.forEach(headers::remove);
    }
    if (!becomesGet) {
      return request.withHeaders(headers.build());
    }
    OF_BODY.forEach(headers::remove);
    return Request.get("/").withHeaders(headers.build());
  }
}
