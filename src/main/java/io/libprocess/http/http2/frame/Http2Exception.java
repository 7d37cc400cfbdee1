package io.libprocess.http.http2.frame;

/** An error of the peer, or a limit that it exceeds: it ends a stream or the whole connection. */
public final class Http2Exception extends Exception {

  private static final long serialVersionUID = 1L;

  private final int stream;
  private final ErrorCode code;
  private final AbuseRule rule; // Null if the error breaks the protocol.

  private Http2Exception(int stream, ErrorCode code, AbuseRule rule, String text) {
    super(text, null, false, false);
    this.stream = stream;
    this.code = code;
    this.rule = rule;
  }

  /** An error that ends the connection. */
  public static Http2Exception connection(ErrorCode code, String text) {
    return new Http2Exception(0, code, null, text);
  }

  /** An error that ends a stream. */
  public static Http2Exception stream(int stream, ErrorCode code, String text) {
    return new Http2Exception(stream, code, null, text);
  }

  /** The error of a peer that exceeds a limit, which ends the connection. */
  public static Http2Exception calm(AbuseRule rule, String text) {
    return new Http2Exception(0, ErrorCode.ENHANCE_YOUR_CALM, rule, text);
  }

  /** The stream that ends; 0 if it is the connection. */
  public int stream() {
    return stream;
  }

  /** The code for the peer. */
  public ErrorCode code() {
    return code;
  }

  /** The limit that was exceeded; null if the protocol was broken. */
  public AbuseRule rule() {
    return rule;
  }
}
