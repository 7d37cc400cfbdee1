package io.libprocess.http.http1;

import io.libprocess.http.Status;

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

  public Status status() {
    return Status.of(code);
  }

  public String reason() {
    return getMessage();
  }
}
