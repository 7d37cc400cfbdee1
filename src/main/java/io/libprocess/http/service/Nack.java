package io.libprocess.http.service;

import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import java.util.Optional;

/** How a server says that it has refused a request, in the form of Finagle. */
final class Nack {

  private static final String RETRYABLE = "finagle-http-nack";
  private static final String NON_RETRYABLE = "finagle-http-nonretryable-nack";
  private static final String MAY_BE_RETRIED = "finagle-http-retryable-request";
  private static final String RETRY_AFTER = "Retry-After";

  private Nack() {}

  /** A request that says it can be sent again, if it has a body and can. */
  static Request announcing(Request request) {
    return request.body() instanceof Body.Bytes ? request.withHeader(MAY_BE_RETRIED, "") : request;
  }

  /** The failure that a response stands for, if it says that the request was refused. */
  static Optional<FlaggedFailure> failure(Request request, Response response) {
    if (!response.status().equals(Status.SERVICE_UNAVAILABLE)) {
      return Optional.empty();
    }
    Headers headers = response.headers();
    if (headers.contains(NON_RETRYABLE)) {
      return Optional.of(refused(FailureFlag.NON_RETRYABLE));
    }
    boolean retryable =
        headers.contains(RETRYABLE) || headers.first(RETRY_AFTER, "").strip().equals("0");
    if (!retryable) {
      return Optional.empty();
    }
    boolean used = request.body() instanceof Body.Streamed; // It cannot be sent a second time.
    return Optional.of(refused(used ? FailureFlag.NON_RETRYABLE : FailureFlag.RETRYABLE));
  }

  private static FlaggedFailure refused(FailureFlag retryability) {
    return FlaggedFailure.of(
        "the server has refused the request", FailureFlag.REJECTED, retryability);
  }

  /** The response that says that a request was refused. */
  static Response response(Request request, Throwable refusal) {
    Response response = Response.of(Status.SERVICE_UNAVAILABLE.code());
    return FlaggedFailure.has(refusal, FailureFlag.RETRYABLE) && isRepeatable(request)
        ? response.withHeader(RETRYABLE, "true").withHeader(RETRY_AFTER, "0")
        : response.withHeader(NON_RETRYABLE, "true");
  }

  private static boolean isRepeatable(Request request) {
    boolean chunked = request.headers().contains("Transfer-Encoding"); // Also if it was collected.
    if (chunked || request.body() instanceof Body.Streamed) {
      return false;
    }
    return request.body() instanceof Body.Empty || request.headers().contains(MAY_BE_RETRIED);
  }
}
