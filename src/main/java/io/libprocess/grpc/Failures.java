package io.libprocess.grpc;

import io.libprocess.future.Failure;
import io.libprocess.http.StatusException;
import io.libprocess.http.grpc.GrpcCode;
import io.libprocess.http.grpc.GrpcWireException;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.internal.Log;
import io.libprocess.internal.Reason;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;

/** Failures as statuses. */
final class Failures {

  private Failures() {}

  static GrpcException of(GrpcWireException broken) {
    return new GrpcException(
        GrpcStatus.of(broken.code()), broken.getMessage(), GrpcMetadata.empty(), broken);
  }

  static GrpcException internal(String text, Throwable cause) {
    return new GrpcException(GrpcStatus.INTERNAL, text, GrpcMetadata.empty(), cause);
  }

  static GrpcException cancelled(String text, Throwable cause) {
    return new GrpcException(GrpcStatus.CANCELLED, text, GrpcMetadata.empty(), cause);
  }

  static GrpcException unavailable(Throwable why) {
    return new GrpcException(
        GrpcStatus.UNAVAILABLE, text(why), GrpcMetadata.empty(), unflagged(why));
  }

  /** The failure of a handler, as the caller gets it: of an unexpected one only the type. */
  static GrpcException ofHandler(Throwable failure, GrpcCall call) {
    if (failure instanceof GrpcException own) {
      return own;
    }
    if (failure instanceof GrpcWireException broken) {
      return of(broken);
    }
    if (FlaggedFailure.has(failure, FailureFlag.REJECTED)) {
      return new GrpcException(GrpcStatus.UNAVAILABLE, "refused");
    }
    if (FlaggedFailure.has(failure, FailureFlag.DEADLINE_EXCEEDED)) {
      return new GrpcException(GrpcStatus.DEADLINE_EXCEEDED);
    }
    Throwable plain = unflagged(failure);
    if (plain instanceof StatusException refusal) {
      int code = GrpcCode.ofRefusal(refusal.status().code());
      return new GrpcException(GrpcStatus.of(code), text(refusal));
    }
    if (plain instanceof Failure own) {
      return new GrpcException(GrpcStatus.UNKNOWN, text(own));
    }
    Log.warning(() -> "The handler of " + call + " failed", failure);
    return new GrpcException(GrpcStatus.UNKNOWN, plain.getClass().getName());
  }

  private static Throwable unflagged(Throwable failure) {
    return failure instanceof FlaggedFailure flagged ? flagged.unflagged() : failure;
  }

  static String text(Throwable failure) {
    String message = Reason.message(failure);
    return message == null ? failure.getClass().getName() : message;
  }

  /** The failure of a body that comes from a client. */
  static GrpcException ofRequests(Throwable failure) {
    if (failure instanceof GrpcException own) {
      return own;
    }
    if (failure instanceof GrpcWireException broken) {
      return of(broken);
    }
    if (failure instanceof StatusException refusal) { // Of the route, whose limit is exceeded.
      int code = GrpcCode.ofRefusal(refusal.status().code());
      return new GrpcException(GrpcStatus.of(code), text(refusal));
    }
    return cancelled(text(failure), failure);
  }

  /** The failure of a request of HTTP/2 or of the body of its response. */
  static GrpcException ofResponse(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof GrpcException own) {
        return own;
      }
      if (at instanceof GrpcWireException broken) {
        return of(broken);
      }
      if (at instanceof Http2Exception reset) {
        return new GrpcException(
            GrpcStatus.of(GrpcCode.ofReset(reset.code())),
            text(failure),
            GrpcMetadata.empty(),
            failure);
      }
    }
    return unavailable(failure);
  }
}
