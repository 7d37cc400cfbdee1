package io.libprocess.http.http1;

import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.Version;
import io.libprocess.http.grammar.ContentLength;
import java.nio.charset.StandardCharsets;

/** Writes the heads of responses. Thread-safe. */
public final class ResponseEncoder {

  private static final int LOWEST_STATUS = 100;
  private static final byte[][] STATUS_LINES = new byte[900][]; // Of codes with a reason.

  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] PROCESSING = ascii("HTTP/1.1 102 Processing\r\n\r\n");
  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

  static {
    for (int i = 0; i < STATUS_LINES.length; i++) {
      Status status = Status.of(LOWEST_STATUS + i);
      STATUS_LINES[i] = status.isKnown() ? makeStatusLine(status) : null;
    }
  }

  private final DateHeader date;

  public ResponseEncoder(DateHeader date) {
    this.date = date;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes an interim response as a sign of life before a response that takes its time. */
  public void putProcessing(Output out) {
    out.put(PROCESSING);
  }

  /** Writes the interim response that asks for the body. */
  public void putContinue(Output out) {
    out.put(CONTINUE);
  }

  /** The line with the time of a response; see {@link #putHead}. */
  public byte[] date() {
    return date.line();
  }

  /**
   * Puts the head of a response.
   *
   * @param length the length of the body, if that frames it
   * @param version the client's version; the response is HTTP/1.1 nevertheless
   * @param close whether the connection ends after the response
   */
  public void putHead(
      Output out,
      Response response,
      byte[] date,
      ResponseFraming framing,
      long length,
      Version version,
      boolean close) {
    out.put(statusLine(response.status())).put(date);
    switch (framing) {
      case LENGTH -> putLength(out, length);
      case CHUNKED -> out.put(CHUNKED);
      case BODILESS -> {
        long stated = ContentLength.parse(response.headers().first("Content-Length", ""));
        if (stated >= 0 && response.status().equals(Status.NOT_MODIFIED)) {
          putLength(out, stated);
        }
      }
      case UNTIL_CLOSE -> {}
    }
    OutgoingFields.put(out, response.headers(), "Date");
    if (close) {
      out.put(CLOSE);
    } else if (version == Version.HTTP_1_0) {
      out.put(KEEP_ALIVE);
    }
    out.putLineEnd();
  }

  private static void putLength(Output out, long length) {
    out.put(CONTENT_LENGTH).putDecimal(length).putLineEnd();
  }

  private static byte[] statusLine(Status status) {
    byte[] line = STATUS_LINES[status.code() - LOWEST_STATUS];
    return line != null ? line : makeStatusLine(status);
  }

  private static byte[] makeStatusLine(Status status) {
    // The blank is also required before an empty reason.
    return ascii("HTTP/1.1 " + status.code() + " " + status.reason() + "\r\n");
  }
}
