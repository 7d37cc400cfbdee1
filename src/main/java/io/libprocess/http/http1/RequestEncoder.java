package io.libprocess.http.http1;

import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.grammar.ContentLength;
import java.nio.charset.StandardCharsets;

/** Writes the heads of requests to one server. Thread-safe. */
public final class RequestEncoder {

  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");

  private final byte[] host;

  /**
   * Makes an encoder.
   *
   * @param authority the value of the Host field of all requests
   */
  public RequestEncoder(String authority) {
    this.host = ascii(" HTTP/1.1\r\nHost: " + authority + "\r\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The reason why a request cannot be sent, or null. */
  public static String refusal(Request request) {
    return request.body() instanceof Body.File
        ? "Only a server sends files; a client sends bytes or a stream: " + request.method()
        : null;
  }

  /** The length of the body, or {@link ContentLength#UNKNOWN} if it is sent chunked. */
  public static long length(Request request) {
    return request.body() instanceof Body.Streamed
        ? ContentLength.parse(request.headers().first("Content-Length", ""))
        : request.bytes().size();
  }

  /** The length of the body if it is stated in the head, or {@link ContentLength#UNKNOWN}. */
  public static long statedLength(Request request) {
    long length = length(request);
    boolean stated = length > 0 || request.body() instanceof Body.Streamed || usesBody(request);
    return stated ? length : ContentLength.UNKNOWN;
  }

  /** Whether the body is held back until the server asks for it. */
  public static boolean expectsContinue(Request request) {
    return request.headers().first("Expect", "").equalsIgnoreCase("100-continue")
        && length(request) != 0;
  }

  /**
   * Puts the head of a request. The fields that frame its body are never taken from the request's
   * headers.
   */
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
    long length = statedLength(request);
    if (length != ContentLength.UNKNOWN) {
      out.put("Content-Length: ").putDecimal(length).putLineEnd();
    } else if (length(request) == ContentLength.UNKNOWN) {
      out.put(CHUNKED);
    }
    OutgoingFields.put(out, request.headers(), "Host");
    out.putLineEnd();
  }

  /** Whether the method usually has a body, so that an empty one should be stated. */
  private static boolean usesBody(Request request) {
    return switch (request.method()) {
      case "POST", "PUT", "PATCH" -> true;
      default -> false;
    };
  }
}
