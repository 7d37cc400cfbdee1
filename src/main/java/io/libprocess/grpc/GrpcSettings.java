package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import io.libprocess.net.Tls;
import io.libprocess.settings.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a channel.
 *
 * @param options the options of its calls
 * @param maxMessage the most bytes of a reply, also when it is inflated; a call with a larger one
 *     ends with {@link GrpcStatus#RESOURCE_EXHAUSTED}
 * @param maxMetadata the most bytes of metadata of a call, with 32 for each entry; a call with more
 *     fails with {@link GrpcStatus#RESOURCE_EXHAUSTED}
 * @param maxIdle how long a connection is kept without a call
 * @param tls the settings for {@code https}; if empty, those of the node's own client
 * @param keepAlive when a silent server is asked for a sign of life; if empty, never
 */
public record GrpcSettings(
    GrpcOptions options,
    int maxMessage,
    int maxMetadata,
    Duration maxIdle,
    Optional<Tls> tls,
    Optional<KeepAlive> keepAlive) {

  /**
   * When a channel asks a silent server for a sign of life. Servers disconnect clients that ask
   * more often than they allow; each time, the channel doubles the time for its later connections.
   *
   * @param time how long nothing has arrived when it asks
   * @param timeout how long the answer may take before the connection counts as dead
   * @param withoutCalls whether it asks while no call is in progress
   */
  public record KeepAlive(Duration time, Duration timeout, boolean withoutCalls) {

    private static final Duration LEAST = Duration.ofSeconds(10);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code time} is below 10 s, or {@code timeout} is not
     *     positive
     */
    public KeepAlive {
      if (time.compareTo(LEAST) < 0) {
        throw new IllegalArgumentException("time is less than " + LEAST + ": " + time);
      }
      Check.positive("timeout", timeout);
    }

    /** After a time, with 20 s for the answer, while calls are in progress. */
    public static KeepAlive after(Duration time) {
      return new KeepAlive(time, Duration.ofSeconds(20), false);
    }
  }

  private static final GrpcSettings DEFAULTS =
      new GrpcSettings(
          GrpcOptions.defaults(),
          GrpcHandler.MOST,
          8 << 10,
          Duration.ofMinutes(30),
          Optional.empty(),
          Optional.empty());

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is negative, or the time is not positive
   */
  public GrpcSettings {
    requireNonNull(options, "options");
    Check.atLeast("maxMessage", maxMessage, 0);
    Check.atLeast("maxMetadata", maxMetadata, 0);
    Check.positive("maxIdle", maxIdle);
    requireNonNull(tls, "tls");
    requireNonNull(keepAlive, "keepAlive");
  }

  /** The default settings: replies of up to 4 MiB, 8 KiB of metadata, 30 minutes idle. */
  public static GrpcSettings defaults() {
    return DEFAULTS;
  }

  /** A copy with other options of calls. */
  public GrpcSettings withOptions(GrpcOptions other) {
    return new GrpcSettings(other, maxMessage, maxMetadata, maxIdle, tls, keepAlive);
  }

  /** A copy with another limit of the size of replies. */
  public GrpcSettings withMaxMessage(int bytes) {
    return new GrpcSettings(options, bytes, maxMetadata, maxIdle, tls, keepAlive);
  }

  /** A copy with another limit of the size of metadata. */
  public GrpcSettings withMaxMetadata(int bytes) {
    return new GrpcSettings(options, maxMessage, bytes, maxIdle, tls, keepAlive);
  }

  /** A copy with another time without a call. */
  public GrpcSettings withMaxIdle(Duration time) {
    return new GrpcSettings(options, maxMessage, maxMetadata, time, tls, keepAlive);
  }

  /** A copy with other settings for {@code https}. */
  public GrpcSettings withTls(Tls other) {
    return new GrpcSettings(
        options, maxMessage, maxMetadata, maxIdle, Optional.of(other), keepAlive);
  }

  /** A copy that asks silent servers for a sign of life. */
  public GrpcSettings withKeepAlive(KeepAlive asked) {
    return new GrpcSettings(options, maxMessage, maxMetadata, maxIdle, tls, Optional.of(asked));
  }
}
