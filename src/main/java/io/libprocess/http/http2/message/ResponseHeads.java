package io.libprocess.http.http2.message;

import io.libprocess.http.Headers;
import io.libprocess.http.Response;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.hpack.HpackEncoder;
import io.libprocess.http.hpack.Octets;

/** Encodes the heads of responses, and trailers. For one thread at a time. */
public final class ResponseHeads {

  private static final int CONTINUE = 100;

  private final HpackEncoder encoder = new HpackEncoder();

  /** Notes the peer's setting of the size of the table. */
  public void tableSize(long size) {
    encoder.tableSize(size);
  }

  /** Puts the interim response that asks for the body. */
  public void putContinue(Octets out) {
    encoder.begin(out);
    encoder.status(CONTINUE, out);
  }

  /**
   * Puts the head of a response.
   *
   * @param date the value of the field of that name
   * @param length the length of the body, or {@link ContentLength#UNKNOWN}
   */
  public void put(Octets out, Response response, String date, long length) {
    encoder.begin(out);
    encoder.status(response.status().code(), out);
    encoder.encode("date", date, false, out);
    if (length != ContentLength.UNKNOWN) {
      encoder.encode("content-length", Long.toString(length), false, out);
    }
    putFields(out, response.headers());
  }

  /** Puts the fields after a body. */
  public void putTrailers(Octets out, Headers trailers) {
    encoder.begin(out);
    putFields(out, trailers);
  }

  private void putFields(Octets out, Headers headers) {
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (!isLeftOut(name)) {
        encoder.encode(name, headers.value(i), false, out);
      }
    }
  }

  /** Whether a field is one that this side determines, or that HTTP/2 does not know. */
  private static boolean isLeftOut(String name) {
    return switch (name.length()) {
      case 4 -> name.equalsIgnoreCase("Date");
      case 7 -> name.equalsIgnoreCase("Upgrade");
      case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
      case 14 -> name.equalsIgnoreCase("Content-Length");
      case 16 -> name.equalsIgnoreCase("Proxy-Connection");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }
}
