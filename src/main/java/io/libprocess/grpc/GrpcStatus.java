package io.libprocess.grpc;

/** How a call has ended. The order is that of the numbers on the wire. */
public enum GrpcStatus {
  /** It has succeeded. */
  OK,
  /** It was given up, mostly by the caller. */
  CANCELLED,
  /** There is no better status, or the server has sent an unknown one. */
  UNKNOWN,
  /** The caller has named something that is wrong, whatever the state of the system. */
  INVALID_ARGUMENT,
  /** Its time is over. It may have had an effect. */
  DEADLINE_EXCEEDED,
  /** Something that was named does not exist. */
  NOT_FOUND,
  /** Something that was to be made exists. */
  ALREADY_EXISTS,
  /** The caller is known, and may not do this. */
  PERMISSION_DENIED,
  /** A limit or quota is exceeded. */
  RESOURCE_EXHAUSTED,
  /** The system is not in the state that this needs. */
  FAILED_PRECONDITION,
  /** It was given up by the server, mostly because of others at the same time. */
  ABORTED,
  /** It went beyond a valid range. */
  OUT_OF_RANGE,
  /** There is no such service or method. */
  UNIMPLEMENTED,
  /** Something that must hold does not. */
  INTERNAL,
  /** The server cannot be reached, or does not serve now; another attempt may succeed. */
  UNAVAILABLE,
  /** Data are lost or corrupt. */
  DATA_LOSS,
  /** It is not known who calls. */
  UNAUTHENTICATED;

  private static final GrpcStatus[] ALL = values();

  /** The number on the wire. */
  public int code() {
    return ordinal();
  }

  /** The status of a number; {@link #UNKNOWN} for a number that has none. */
  public static GrpcStatus of(int code) {
    return code >= 0 && code < ALL.length ? ALL[code] : UNKNOWN;
  }
}
