package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import io.libprocess.settings.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * The options of calls.
 *
 * @param waitForReady whether a call waits until the server can be reached, as long as its time
 *     lasts; otherwise it fails with {@link GrpcStatus#UNAVAILABLE} when an attempt to connect has
 *     failed
 * @param timeout how long a call may take, by the node's clock, together with connecting; empty for
 *     any time. A call never takes longer than the deadline in its context allows
 * @param metadata what is sent along
 * @param gzip whether requests are compressed if that makes them shorter
 */
public record GrpcOptions(
    boolean waitForReady, Optional<Duration> timeout, GrpcMetadata metadata, boolean gzip) {

  private static final GrpcOptions DEFAULTS =
      new GrpcOptions(true, Optional.of(Duration.ofSeconds(60)), GrpcMetadata.empty(), false);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  public GrpcOptions {
    timeout.ifPresent(time -> Check.notNegative("timeout", time));
    requireNonNull(metadata, "metadata");
  }

  /** The default options: to wait until the server can be reached, for 60 s, without metadata. */
  public static GrpcOptions defaults() {
    return DEFAULTS;
  }

  /** A copy with another choice of whether to wait for the server. */
  public GrpcOptions withWaitForReady(boolean wait) {
    return new GrpcOptions(wait, timeout, metadata, gzip);
  }

  /**
   * A copy with another time.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public GrpcOptions withTimeout(Duration time) {
    return new GrpcOptions(waitForReady, Optional.of(time), metadata, gzip);
  }

  /** A copy whose calls may take any time. */
  public GrpcOptions withoutTimeout() {
    return new GrpcOptions(waitForReady, Optional.empty(), metadata, gzip);
  }

  /** A copy with other metadata. */
  public GrpcOptions withMetadata(GrpcMetadata sent) {
    return new GrpcOptions(waitForReady, timeout, sent, gzip);
  }

  /** A copy with another choice of whether requests are compressed. */
  public GrpcOptions withGzip(boolean wanted) {
    return new GrpcOptions(waitForReady, timeout, metadata, wanted);
  }
}
