package io.libprocess.http.http1;

import io.libprocess.http.Body;
import io.libprocess.http.Response;
import io.libprocess.http.Version;
import io.libprocess.http.grammar.ContentLength;

/** The ways in which the receiver of a response finds the end of its body. */
public enum ResponseFraming {
  /** The status implies that there is no body. */
  BODILESS,
  /** The body ends after {@code Content-Length} bytes. */
  LENGTH,
  /** The body ends with the last chunk. */
  CHUNKED,
  /** The body ends with the connection. */
  UNTIL_CLOSE;

  private static final int RESET_CONTENT = 205;
  private static final long UNKNOWN = ContentLength.UNKNOWN;

  /**
   * Chooses the framing of a response to a client that speaks {@code version}.
   *
   * @param length the length of its body, or {@link ContentLength#UNKNOWN}
   */
  public static ResponseFraming of(Response response, long length, Version version) {
    if (response.status().isBodiless()) {
      return BODILESS;
    }
    if (length != UNKNOWN) {
      return LENGTH;
    }
    return version == Version.HTTP_1_1 ? CHUNKED : UNTIL_CLOSE;
  }

  /** Whether the status means that the body is empty, though framed: 205 has no content. */
  public static boolean hasNoContent(Response response) {
    return response.status().code() == RESET_CONTENT;
  }

  /**
   * The length of the body, or -1. The response's own header counts only where the body does not
   * give the length: for a stream, and for a body that was left out because it would not be sent.
   *
   * @param head whether it answers a HEAD request, and so has the framing but not the body
   */
  public static long length(Response response, boolean head) {
    if (hasNoContent(response)) {
      return 0;
    }
    if (response.body() instanceof Body.Bytes bytes) {
      return bytes.content().size();
    }
    long stated = ContentLength.parse(response.headers().first("Content-Length", ""));
    if (response.body() instanceof Body.Streamed) {
      return stated;
    }
    return head && stated != UNKNOWN ? stated : 0;
  }
}
