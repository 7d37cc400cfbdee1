package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.net.Tls;
import java.time.Duration;
import java.util.Optional;

/**
 * How an {@link HttpClient} works.
 *
 * @param limits what it takes from a server: {@code requestLine} is for status lines, {@code body}
 *     for bodies that are to be held in memory, {@code headTime} from the end of a request to the
 *     end of the head of its response, {@code bodyTime} without a byte of a body or without one
 *     taken of a request, {@code idleTime} for connections without a request, and {@code pipelined}
 *     for a {@link Connection}
 * @param connectTime the longest time that it may take to find and connect to a server
 * @param perHost the most connections that are kept to one server at a time
 * @param connections the most connections that are kept altogether
 * @param queued the most requests that may wait for a connection; more fail
 * @param gzip whether to ask for gzip and to decode it
 * @param tls how to speak {@code https}. Empty means as the node does if it speaks TLS; otherwise
 *     whom the JDK trusts is trusted
 */
public record ClientSettings(
    Limits limits,
    Duration connectTime,
    int perHost,
    int connections,
    int queued,
    boolean gzip,
    Optional<Tls> tls) {

  private static final ClientSettings DEFAULTS =
      new ClientSettings(
          Limits.builder()
              .headTime(Duration.ofSeconds(60))
              .idleTime(Duration.ofSeconds(30))
              .build(),
          Duration.ofSeconds(10),
          64,
          256,
          4096,
          true,
          Optional.empty());

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is below 1, or the time is not positive
   */
  public ClientSettings {
    requireNonNull(limits, "limits");
    requireNonNull(connectTime, "connectTime");
    requireNonNull(tls, "tls");
    if (connectTime.isNegative() || connectTime.isZero()) {
      throw new IllegalArgumentException("connectTime not positive: " + connectTime);
    }
    positive(perHost, "perHost");
    positive(connections, "connections");
    positive(queued, "queued");
  }

  private static void positive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " < 1: " + value);
    }
  }

  /**
   * 10 s to connect, 60 s for the head of a response, 30 s without a byte of a body, 30 s idle; 64
   * connections for each server, 256 altogether, 4096 waiting requests; 64 MiB for a body in
   * memory; gzip.
   */
  public static ClientSettings defaults() {
    return DEFAULTS;
  }

  /** With other limits on what a server sends. */
  public ClientSettings withLimits(Limits limits) {
    return new ClientSettings(limits, connectTime, perHost, connections, queued, gzip, tls);
  }

  /** With another time to connect. */
  public ClientSettings withConnectTime(Duration connectTime) {
    return new ClientSettings(limits, connectTime, perHost, connections, queued, gzip, tls);
  }

  /** With other numbers of connections, for each server and altogether, and of waiting requests. */
  public ClientSettings withConnections(int perHost, int connections, int queued) {
    return new ClientSettings(limits, connectTime, perHost, connections, queued, gzip, tls);
  }

  /** With or without gzip. */
  public ClientSettings withGzip(boolean gzip) {
    return new ClientSettings(limits, connectTime, perHost, connections, queued, gzip, tls);
  }

  /** With TLS of that kind for {@code https}. */
  public ClientSettings withTls(Tls tls) {
    return new ClientSettings(
        limits, connectTime, perHost, connections, queued, gzip, Optional.of(tls));
  }
}
