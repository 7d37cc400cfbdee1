package io.libprocess.http.http2.message;

import io.libprocess.http.Response;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.hpack.Octets;

/** Encodes the heads of responses, and trailers. For one thread at a time. */
public final class ResponseHeads extends MessageHeads {

  private static final int CONTINUE = 100;

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
    putFields(out, length, response.headers());
  }

  @Override
  boolean isLeftOut(String name) {
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
