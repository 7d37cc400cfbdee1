package io.libprocess.net;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.net.tls.TlsContext;
import io.libprocess.net.tls.TlsSettings;
import io.libprocess.net.tls.TlsVariable;
import io.libprocess.settings.Check;
import io.libprocess.settings.Variables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The settings of TLS 1.2 and 1.3: this end's identity, the trusted authorities, and the options to
 * negotiate. TLS is put on top of a {@link Transport}: {@link #over} secures all connections of
 * one, {@link #accepting} and {@link #connect} single connections. Clients verify the server's
 * certificate and its host name unless that is switched off. Sessions are resumed. Immutable and
 * thread-safe.
 *
 * <p>A handshake does not hold up anything else: the handler of a connection is made when it is
 * finished, and a handshake that fails or takes longer than {@link Builder#handshakeTimeout}
 * affects only its own connection. A connection that ends without close_notify has failed.
 */
public final class Tls {

  /** The certificate that a server asks of its clients. */
  public enum ClientCertificate {
    /** No certificate. */
    NONE,
    /** A certificate if the client has one; it is verified. */
    WANTED,
    /** A certificate; it is verified. */
    REQUIRED
  }

  private final TlsContext context;

  private Tls(TlsContext context) {
    this.context = context;
  }

  /** Makes a builder that holds the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads the settings from the variables {@code LIBPROCESS_SSL_...}; empty unless {@code
   * LIBPROCESS_SSL_ENABLED} is true.
   *
   * @param variable the value of a variable, or null if it is not set
   * @throws IllegalArgumentException if a value is not valid; the message names the variable, the
   *     value and the rule
   */
  public static Optional<Tls> fromEnvironment(UnaryOperator<String> variable) {
    return TlsVariable.read(Variables.of(requireNonNull(variable, "variable"))).map(Tls::new);
  }

  /** The names of the variables that {@link #fromEnvironment} reads. */
  public static List<String> variables() {
    return TlsVariable.names();
  }

  /* ------ Use ------ */

  /**
   * Makes a transport whose listeners and connections speak TLS on top of another one's. It knows
   * servers only by address; so it verifies that a certificate is for that IP.
   */
  public Transport over(Transport transport) {
    return context.over(transport);
  }

  /**
   * Makes the function to pass to {@link Transport#listen} so that accepted channels speak TLS.
   *
   * @param accepted makes the handler of each channel whose handshake has succeeded
   * @throws IllegalStateException if there is no certificate to present
   */
  public Function<Transport.Channel, Transport.Handler> accepting(
      Function<Transport.Channel, Transport.Handler> accepted) {
    return context.accepting(accepted);
  }

  /**
   * Connects and does the handshake. The future fails with an {@link SSLException} if the handshake
   * does; the message names the address and the reason. A discard request gives up the attempt.
   *
   * @param host the name for which the server's certificate must be issued; it is also sent (SNI)
   * @param connected makes the handler of the channel, before the future completes
   */
  public Future<Transport.Channel> connect(
      Transport transport,
      NetworkAddress address,
      String host,
      Function<Transport.Channel, Transport.Handler> connected) {
    requireNonNull(host, "host");
    return context.connect(transport, address, Optional.of(host), connected);
  }

  /**
   * Connects and does the handshake with a server whose certificate must be issued for the IP of
   * its address.
   */
  public Future<Transport.Channel> connect(
      Transport transport,
      NetworkAddress address,
      Function<Transport.Channel, Transport.Handler> connected) {
    return context.connect(transport, address, Optional.empty(), connected);
  }

  /** Whether plain connections are accepted as well, and made if a handshake fails. */
  public boolean supportsDowngrade() {
    return context.supportsDowngrade();
  }

  /** The time that a handshake may take. */
  public Duration handshakeTimeout() {
    return context.handshakeTimeout();
  }

  TlsContext context() {
    return context;
  }

  /** Collects settings. Setters check their argument and throw {@link IllegalArgumentException}. */
  public static final class Builder {

    private final TlsSettings settings = new TlsSettings();

    Builder() {}

    /**
     * Sets the certificate to present: as a server to all clients, as a client to servers that ask
     * for one.
     *
     * @param certificates a PEM file with the certificate, followed by those of the authorities
     *     between it and one that the peers know
     * @param key a PEM file with the private key: PKCS#8, PKCS#1 or SEC1, not encrypted
     */
    public Builder identity(Path certificates, Path key) {
      settings.identity(certificates, key);
      return this;
    }

    /**
     * Sets the authorities to trust instead of the JDK's: a PEM file, or a directory of PEM files.
     */
    public Builder authorities(Path path) {
      settings.authorities.add(requireNonNull(path, "path"));
      return this;
    }

    /**
     * Sets a context that was made elsewhere, with its keys and trust, to be used instead of the
     * above.
     */
    public Builder context(SSLContext context) {
      settings.context = requireNonNull(context, "context");
      return this;
    }

    /** Sets whether a client verifies the server's certificate and name; the default is true. */
    public Builder verifyServer(boolean verify) {
      settings.verifyServer = verify;
      return this;
    }

    /**
     * Sets whether the certificate of a server that is known only by its IP must be issued for that
     * IP; the default is true. If false, any trusted certificate is accepted from it.
     */
    public Builder verifyIp(boolean verify) {
      settings.verifyIp = verify;
      return this;
    }

    /**
     * Sets how many certificates may stand between a peer's and an authority's; the default is 4.
     */
    public Builder verificationDepth(int depth) {
      settings.verificationDepth = Check.atLeast("verificationDepth", depth, 0);
      return this;
    }

    /** Sets which certificate a server asks of its clients; the default is none. */
    public Builder clientCertificate(ClientCertificate kind) {
      settings.clientCertificate = TlsSettings.ClientCertificate.valueOf(kind.name());
      return this;
    }

    /** Sets the versions to offer, of {@code TLSv1.3} and {@code TLSv1.2}; the default is both. */
    public Builder protocols(List<String> protocols) {
      if (protocols.isEmpty() || !List.of("TLSv1.2", "TLSv1.3").containsAll(protocols)) {
        throw new IllegalArgumentException("not TLSv1.2, TLSv1.3 or both: " + protocols);
      }
      settings.protocols = List.copyOf(protocols);
      return this;
    }

    /**
     * Sets the cipher suites for TLS 1.2, best first, by the names of OpenSSL or the JDK. The
     * default is the suites of the JDK that have forward secrecy and authenticated encryption.
     */
    public Builder ciphers(List<String> names) {
      settings.ciphers = List.copyOf(names);
      return this;
    }

    /**
     * Sets the curves for the key exchange, best first, by the names of OpenSSL or the JDK; the
     * default is the JDK's choice. Needs JDK 20.
     */
    public Builder curves(List<String> names) {
      settings.curves = List.copyOf(names);
      return this;
    }

    /**
     * Sets the application protocols to offer or to choose from (ALPN), best first. By default a
     * client offers none, and a server chooses {@code http/1.1} if it is offered.
     */
    public Builder applicationProtocols(List<String> protocols) {
      settings.applicationProtocols = List.copyOf(protocols);
      return this;
    }

    /**
     * Sets how long a handshake may take, by the clock of the connection's thread; the default is
     * 10 s.
     */
    public Builder handshakeTimeout(Duration timeout) {
      settings.handshakeTimeout = Check.positive("handshakeTimeout", timeout);
      return this;
    }

    /**
     * Sets whether a server also accepts plain connections on the same port, whatever it asks of
     * clients, and whether {@link Tls#over} connects again without TLS if a handshake fails; the
     * default is false. If true, an attacker between the two ends can read everything.
     */
    public Builder supportDowngrade(boolean support) {
      settings.downgrade = support;
      return this;
    }

    /**
     * Sets a function that changes each engine before its handshake, which fails if the function
     * throws. It runs on an event loop and must not block. (libprocess: {@code configure_socket}.)
     */
    public Builder configure(CheckedConsumer<? super SSLEngine> change) {
      settings.configure = requireNonNull(change, "change");
      return this;
    }

    /**
     * Sets a function that checks each engine after its handshake, which fails if the function
     * throws. It runs on an event loop and must not block. (libprocess: {@code verify}.)
     */
    public Builder verify(CheckedConsumer<? super SSLEngine> check) {
      settings.verify = requireNonNull(check, "check");
      return this;
    }

    /**
     * Builds the settings. Reads the authorities.
     *
     * @throws IllegalArgumentException if a file cannot be used; the message names it
     */
    public Tls build() {
      return new Tls(settings.build());
    }
  }
}
