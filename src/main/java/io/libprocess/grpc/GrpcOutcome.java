package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How a call has ended: with a value or with another status than {@link GrpcStatus#OK}.
 * (libprocess: {@code Try<Response, StatusError>}.)
 *
 * @param value the reply; empty if the status is not OK
 * @param status the status
 * @param description the message that came with the status; mostly empty
 * @param headers the metadata that came before the reply
 * @param trailers the metadata that came with the status
 * @param <R> the type of the reply
 */
public record GrpcOutcome<R>(
    Optional<R> value,
    GrpcStatus status,
    String description,
    GrpcMetadata headers,
    GrpcMetadata trailers) {

  /** Checks that nothing is null. */
  public GrpcOutcome {
    requireNonNull(value, "value");
    requireNonNull(status, "status");
    requireNonNull(description, "description");
    requireNonNull(headers, "headers");
    requireNonNull(trailers, "trailers");
  }

  /** Whether the call has succeeded. */
  public boolean isOk() {
    return status == GrpcStatus.OK;
  }

  /**
   * The reply.
   *
   * @throws GrpcException if the status is not OK
   */
  public R get() {
    if (!isOk()) {
      throw failure();
    }
    return value.orElseThrow();
  }

  /**
   * The status as a failure.
   *
   * @throws IllegalArgumentException if it is OK
   */
  public GrpcException failure() {
    return new GrpcException(status, description, trailers);
  }

  /** The status with its message. */
  @Override
  public String toString() {
    return GrpcException.text(status, description);
  }
}
