package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

/**
 * A call that has ended with another status than {@link GrpcStatus#OK}. Its text is {@code CODE} or
 * {@code CODE: message}. It has no stack trace. A handler that fails with one ends the call with
 * that status.
 */
public final class GrpcException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final GrpcStatus status;
  private final String description;
  private final transient GrpcMetadata trailers; // Null after serialization.

  /** A status without a message. */
  public GrpcException(GrpcStatus status) {
    this(status, "");
  }

  /**
   * A status with a message for the caller.
   *
   * @throws IllegalArgumentException if the status is {@link GrpcStatus#OK}
   */
  public GrpcException(GrpcStatus status, String description) {
    this(status, description, GrpcMetadata.empty());
  }

  /**
   * A status with a message, and metadata that come with it.
   *
   * @throws IllegalArgumentException if the status is {@link GrpcStatus#OK}
   */
  public GrpcException(GrpcStatus status, String description, GrpcMetadata trailers) {
    this(status, description, trailers, null);
  }

  /**
   * A status with its cause, which stays here.
   *
   * @param cause may be null
   */
  GrpcException(GrpcStatus status, String description, GrpcMetadata trailers, Throwable cause) {
    super(text(status, description), cause, true, false);
    if (status == GrpcStatus.OK) {
      throw new IllegalArgumentException("OK is not a failure");
    }
    this.status = status;
    this.description = description;
    this.trailers = requireNonNull(trailers, "trailers");
  }

  static String text(GrpcStatus status, String description) {
    requireNonNull(status, "status");
    return description.isEmpty() ? status.name() : status + ": " + description;
  }

  /** The status. */
  public GrpcStatus status() {
    return status;
  }

  /** The message, without the status; empty if there is none. */
  public String description() {
    return description;
  }

  /** The metadata that came with the status. */
  public GrpcMetadata trailers() {
    return trailers == null ? GrpcMetadata.empty() : trailers;
  }

  @Override
  public String toString() {
    return getMessage();
  }
}
