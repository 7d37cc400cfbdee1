package io.libprocess.http.grpc;

/** A message or a field of the peer that breaks a rule, with the status that the call ends with. */
public final class GrpcWireException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int code;

  /** An error with a number of {@link GrpcCode}. */
  public GrpcWireException(int code, String text) {
    super(text, null, false, false);
    this.code = code;
  }

  /** The number of the status. */
  public int code() {
    return code;
  }
}
