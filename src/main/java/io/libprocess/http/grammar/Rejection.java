package io.libprocess.http.grammar;

/**
 * The rejection of a message: the status of the answer and a reason that the peer may see. Thrown
 * only inside parsers. Instances are made once and shared, so they have no stack trace.
 */
public final class Rejection extends Exception {

  private static final long serialVersionUID = 1L;

  private final int code;

  public Rejection(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  /** The status code. */
  public int code() {
    return code;
  }

  /** The reason, for the peer. */
  public String reason() {
    return getMessage();
  }
}
