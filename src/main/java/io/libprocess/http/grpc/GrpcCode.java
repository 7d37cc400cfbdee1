package io.libprocess.http.grpc;

import io.libprocess.http.http2.frame.ErrorCode;

/** The numbers of statuses that the wire itself gives, and those that HTTP translates to. */
public final class GrpcCode {

  public static final int OK = 0;
  public static final int CANCELLED = 1;
  public static final int UNKNOWN = 2;
  public static final int PERMISSION_DENIED = 7;
  public static final int RESOURCE_EXHAUSTED = 8;
  public static final int UNIMPLEMENTED = 12;
  public static final int INTERNAL = 13;
  public static final int UNAVAILABLE = 14;
  public static final int UNAUTHENTICATED = 16;

  private static final int MOST_DIGITS = 3;

  private GrpcCode() {}

  /** The status of an answer that has none of its own, by its status of HTTP. */
  public static int ofHttp(int status) {
    return switch (status) {
      case 400, 431 -> INTERNAL;
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404 -> UNIMPLEMENTED;
      case 429, 502, 503, 504 -> UNAVAILABLE;
      default -> UNKNOWN;
    };
  }

  /** The status of a refusal of the server's own, which knows better why it refuses. */
  public static int ofRefusal(int status) {
    return switch (status) {
      case 408, 413, 414, 431 -> RESOURCE_EXHAUSTED;
      case 500 -> INTERNAL;
      default -> ofHttp(status);
    };
  }

  /** The status of a call whose stream was reset. */
  public static int ofReset(ErrorCode code) {
    return switch (code) {
      case REFUSED_STREAM -> UNAVAILABLE;
      case CANCEL -> CANCELLED;
      case ENHANCE_YOUR_CALM -> RESOURCE_EXHAUSTED;
      case INADEQUATE_SECURITY -> PERMISSION_DENIED;
      case STREAM_CLOSED, HTTP_1_1_REQUIRED -> UNKNOWN;
      default -> INTERNAL;
    };
  }

  /** The number in {@code grpc-status}; {@link #UNKNOWN} if it is none. */
  public static int parse(String text) {
    boolean digits = !text.isEmpty() && text.length() <= MOST_DIGITS;
    int number = 0;
    for (int i = 0; digits && i < text.length(); i++) {
      char c = text.charAt(i);
      digits = c >= '0' && c <= '9';
      number = 10 * number + c - '0';
    }
    return digits ? number : UNKNOWN;
  }
}
