package io.libprocess.http.http1;

import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.grammar.ContentLength;
import java.nio.charset.StandardCharsets;

/** Writes the heads of requests to one server. May be shared by all threads. */
public final class RequestEncoder {

  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");

  private final byte[] host;

  /**
   * Makes an encoder.
   *
   * @param authority what the Host field of all requests says
   */
  public RequestEncoder(String authority) {
    this.host = ascii(" HTTP/1.1\r\nHost: " + authority + "\r\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Why a request cannot be sent, or null. */
  public static String refusal(Request request) {
    return request.body() instanceof Body.File
        ? "Only a server sends files; a client sends bytes or a stream: " + request.method()
        : null;
  }

  /** How long the body is, or {@link ContentLength#UNKNOWN} if it is to be chunked. */
  public static long length(Request request) {
    return request.body() instanceof Body.Streamed
        ? ContentLength.parse(request.headers().first("Content-Length", ""))
        : request.bytes().size();
  }

  /** Whether the body is to be held back until the server asks for it. */
  public static boolean expectsContinue(Request request) {
    return request.headers().first("Expect", "").equalsIgnoreCase("100-continue")
        && length(request) != 0;
  }

  /** Puts the head of a request. What frames its body is never left to the request's headers. */
  public void putHead(Output out, Request request) {
    String target = request.target();
    int fragment = target.indexOf('#');
    out.put(request.method())
        .put(" ")
        .put(fragment < 0 ? target : target.substring(0, fragment))
        .put(host);
    if (!request.keepAlive()) {
      out.put(CLOSE);
    }
    long length = length(request);
    if (length == ContentLength.UNKNOWN) {
      out.put(CHUNKED);
    } else if (length > 0 || request.body() instanceof Body.Streamed || usesBody(request)) {
      out.put("Content-Length: ").putDecimal(length).putLineEnd();
    }
    OutgoingFields.put(out, request.headers(), "Host");
    out.putLineEnd();
  }

  /** Whether the method is one that mostly has a body, so that having none is worth saying. */
  private static boolean usesBody(Request request) {
    return switch (request.method()) {
      case "POST", "PUT", "PATCH" -> true;
      default -> false;
    };
  }
}
