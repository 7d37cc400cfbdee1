package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.net.Address;
import java.time.Instant;
import java.util.Optional;

/** A call as its handler on the server sees it. All methods may be called from any thread. */
public final class GrpcCall {

  private final Request request;
  private final GrpcMetadata metadata;
  private final Optional<Instant> deadline;
  private final boolean mayCompress;

  private volatile GrpcMetadata headers = GrpcMetadata.empty();
  private volatile GrpcMetadata trailers = GrpcMetadata.empty();
  private volatile boolean compresses;

  /**
   * A call that has begun.
   *
   * @param mayCompress whether the caller understands gzip
   */
  GrpcCall(
      Request request, GrpcMetadata metadata, Optional<Instant> deadline, boolean mayCompress) {
    this.request = request;
    this.metadata = metadata;
    this.deadline = deadline;
    this.mayCompress = mayCompress;
  }

  /** The path of the method: {@code /service/name}. */
  public String path() {
    return request.path();
  }

  /** The metadata that the caller has sent. */
  public GrpcMetadata metadata() {
    return metadata;
  }

  /** The time, by the node's clock, at which the call is given up; empty if there is none. */
  public Optional<Instant> deadline() {
    return deadline;
  }

  /** The address of the caller, if it came over IP. */
  public Optional<Address> peer() {
    return request.client();
  }

  /** Who calls, if the route has a realm whose authenticator has found out. */
  public Optional<Principal> principal() {
    return request.principal();
  }

  /** Sets the metadata that go before the first reply; after that it has no effect. */
  public void headers(GrpcMetadata sent) {
    headers = requireNonNull(sent, "sent");
  }

  /** Sets the metadata that go with the status, beside those of a {@link GrpcException}. */
  public void trailers(GrpcMetadata sent) {
    trailers = requireNonNull(sent, "sent");
  }

  /**
   * Sets whether the replies from now on are compressed with gzip, if the caller understands it and
   * that makes them shorter. By default they are not.
   */
  public void compress(boolean wanted) {
    compresses = wanted;
  }

  GrpcMetadata headers() {
    return headers;
  }

  GrpcMetadata trailers() {
    return trailers;
  }

  boolean mayCompress() {
    return mayCompress;
  }

  boolean compresses() {
    return compresses && mayCompress;
  }

  /** The path. */
  @Override
  public String toString() {
    return path();
  }
}
