package io.libprocess.http.http2.message;

import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.hpack.Octets;

/** Encodes the heads of requests to one server, and trailers. For one thread at a time. */
public final class RequestHeads extends MessageHeads {

  /** What a field counts besides its name and value. */
  private static final int OVERHEAD = 32;

  private final String scheme;
  private final String authority;

  public RequestHeads(boolean secure, String authority) {
    this.scheme = secure ? "https" : "http";
    this.authority = authority;
  }

  /**
   * Why a request cannot be sent, or null.
   *
   * @param mostFields the peer's setting for the size of the list of fields
   */
  public static String refusal(Request request, long mostFields) {
    if (size(request) > mostFields) {
      return "the server takes no more than " + mostFields + " bytes of head";
    }
    Headers headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      boolean illegal =
          name.equalsIgnoreCase("Upgrade")
              || name.equalsIgnoreCase("Proxy-Connection")
              || name.equalsIgnoreCase("TE") && !headers.value(i).equalsIgnoreCase("trailers");
      if (illegal) {
        return "HTTP/2 has no field " + name + (name.length() == 2 ? " but 'trailers'" : "");
      }
    }
    return null;
  }

  /** The size of the fields of a request, as the peer's setting for their list counts. */
  private static long size(Request request) {
    long size = 4L * OVERHEAD + request.method().length() + request.target().length();
    Headers headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      size += OVERHEAD + headers.name(i).length() + headers.value(i).length();
    }
    return size;
  }

  /**
   * Puts the head of a request.
   *
   * @param length the length of the body to be stated, or {@link ContentLength#UNKNOWN}
   */
  public void put(Octets out, Request request, long length) {
    encoder.begin(out);
    encoder.encode(":method", request.method(), false, out);
    encoder.encode(":scheme", scheme, false, out);
    encoder.encode(":authority", authority, false, out);
    encoder.encode(":path", path(request.target()), false, out);
    putFields(out, length, request.headers());
  }

  private static String path(String target) {
    int fragment = target.indexOf('#');
    return fragment < 0 ? target : target.substring(0, fragment);
  }

  @Override
  boolean isLeftOut(String name) {
    return switch (name.length()) {
      case 4 -> name.equalsIgnoreCase("Host");
      case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
      case 14 -> name.equalsIgnoreCase("Content-Length");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }
}
