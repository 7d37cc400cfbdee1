package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.context.Propagation;
import io.libprocess.net.Tls;
import io.libprocess.settings.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of an {@link HttpClient}.
 *
 * @param limits the limits for what a server sends: {@code requestLine} is for status lines, {@code
 *     body} for bodies that are to be held in memory, {@code headTime} from the end of a request to
 *     the end of the head of its response, {@code bodyTime} for a body of which no byte arrives, or
 *     a request of which the server takes no byte, {@code idleTime} for connections without a
 *     request, and {@code pipelined} for a {@link Connection}
 * @param connectTime the longest time that looking up and connecting to a server may take
 * @param perHost the most connections that are kept to one server at a time
 * @param connections the most connections that are kept altogether
 * @param queued the most requests that may wait for a connection; more fail
 * @param gzip whether to ask for gzip and to decode it
 * @param tls the settings for {@code https}; if empty, the node's own if it speaks TLS, and
 *     otherwise the JDK's trust store
 * @param propagation whether the context is sent with requests; if empty it is, and traces are
 *     recorded as by the node
 * @param http2 when HTTP/2 is spoken
 */
public record ClientSettings(
    Limits limits,
    Duration connectTime,
    int perHost,
    int connections,
    int queued,
    boolean gzip,
    Optional<Tls> tls,
    Optional<Propagation> propagation,
    Http2 http2) {

  /** When a client speaks HTTP/2. */
  public enum Http2 {
    /** Never. */
    OFF,
    /** With servers that choose it in the TLS handshake. */
    ALPN,
    /** Also on connections without TLS, whose servers must understand it. */
    PRIOR_KNOWLEDGE
  }

  private static final ClientSettings DEFAULTS =
      new ClientSettings(
          Limits.builder()
              .headTime(Duration.ofSeconds(60))
              .idleTime(Duration.ofSeconds(30))
              .http2(limits -> limits.withWindow(16 << 20))
              .build(),
          Duration.ofSeconds(10),
          64,
          256,
          4096,
          true,
          Optional.empty(),
          Optional.empty(),
          Http2.ALPN);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is below 1, or the time is not positive
   */
  public ClientSettings {
    requireNonNull(limits, "limits");
    requireNonNull(tls, "tls");
    requireNonNull(propagation, "propagation");
    requireNonNull(http2, "http2");
    Check.positive("connectTime", connectTime);
    Check.atLeast("perHost", perHost, 1);
    Check.atLeast("connections", connections, 1);
    Check.atLeast("queued", queued, 1);
  }

  /**
   * The default settings: 10 s to connect, 60 s for the head of a response, 30 s without a byte of
   * a body, 30 s idle; HTTP/2 by TLS; 64 connections for each server, 256 altogether, 4096 waiting
   * requests; 64 MiB for a body in memory; gzip.
   */
  public static ClientSettings defaults() {
    return DEFAULTS;
  }

  /** A builder that starts with the defaults. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** Makes a builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * Collects settings; a setting that is not set keeps its value. The values are checked by {@link
   * #build}.
   */
  public static final class Builder {

    private Limits limits;
    private Duration connectTime;
    private int perHost;
    private int connections;
    private int queued;
    private boolean gzip;
    private Optional<Tls> tls;
    private Optional<Propagation> propagation;
    private Http2 http2;

    private Builder(ClientSettings start) {
      limits = start.limits;
      connectTime = start.connectTime;
      perHost = start.perHost;
      connections = start.connections;
      queued = start.queued;
      gzip = start.gzip;
      tls = start.tls;
      propagation = start.propagation;
      http2 = start.http2;
    }

    /** Sets when HTTP/2 is spoken; by default with servers that choose it in the TLS handshake. */
    public Builder http2(Http2 http2) {
      this.http2 = http2;
      return this;
    }

    /** Sets the limits for what a server sends. */
    public Builder limits(Limits limits) {
      this.limits = limits;
      return this;
    }

    /** Sets how long connecting may take. */
    public Builder connectTime(Duration time) {
      connectTime = time;
      return this;
    }

    /** Sets the number of connections to one server. */
    public Builder perHost(int count) {
      perHost = count;
      return this;
    }

    /** Sets the number of connections altogether. */
    public Builder connections(int count) {
      connections = count;
      return this;
    }

    /** Sets the number of requests that may wait for a connection. */
    public Builder queued(int count) {
      queued = count;
      return this;
    }

    /** Sets whether to ask for gzip and to decode it. */
    public Builder gzip(boolean wanted) {
      gzip = wanted;
      return this;
    }

    /** Sets the TLS settings for {@code https}. */
    public Builder tls(Tls tls) {
      this.tls = Optional.of(tls);
      return this;
    }

    /** Sets what is done with contexts: {@link Propagation#foreign} sends none. */
    public Builder propagation(Propagation propagation) {
      this.propagation = Optional.of(propagation);
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException if a value is not valid: see {@link ClientSettings}
     */
    public ClientSettings build() {
      return new ClientSettings(
          limits, connectTime, perHost, connections, queued, gzip, tls, propagation, http2);
    }
  }
}
