package io.libprocess.http.grammar;

/**
 * Why a message is not taken: the status to answer it with and a reason that the peer may see.
 * Thrown while parsing and never outside of it. Each is made once, so it has no stack trace.
 */
public final class Rejection extends Exception {

  private static final long serialVersionUID = 1L;

  private final int code;

  public Rejection(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  /** The code of the status. */
  public int code() {
    return code;
  }

  /** The reason, for the peer. */
  public String reason() {
    return getMessage();
  }
}
