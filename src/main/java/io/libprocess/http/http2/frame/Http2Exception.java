package io.libprocess.http.http2.frame;

/** An error of the peer, or a limit that it exceeds: it ends a stream or the whole connection. */
public final class Http2Exception extends Exception {

  private static final long serialVersionUID = 1L;

  private final int stream;
  private final ErrorCode code;

  private Http2Exception(int stream, ErrorCode code, String text) {
    super(text, null, false, false);
    this.stream = stream;
    this.code = code;
  }

  /** An error that ends the connection. */
  public static Http2Exception connection(ErrorCode code, String text) {
    return new Http2Exception(0, code, text);
  }

  /** An error that ends a stream. */
  public static Http2Exception stream(int stream, ErrorCode code, String text) {
    return new Http2Exception(stream, code, text);
  }

  /** The stream that ends; 0 if it is the connection. */
  public int stream() {
    return stream;
  }

  /** The code for the peer. */
  public ErrorCode code() {
    return code;
  }
}
