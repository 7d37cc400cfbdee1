package io.libprocess.net;

import static java.util.Objects.requireNonNull;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What the handshake of a connection that speaks TLS has settled.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipherSuite by its name in the JDK
 * @param applicationProtocol chosen by ALPN, if any was
 * @param serverName what the client has asked for, if it gave a name
 * @param peerCertificates the peer's own first; empty if it has presented none. They were verified
 *     unless that is switched off
 */
public record TlsSession(
    String protocol,
    String cipherSuite,
    Optional<String> applicationProtocol,
    Optional<String> serverName,
    List<X509Certificate> peerCertificates) {

  /** Copies the list. */
  public TlsSession {
    requireNonNull(protocol, "protocol");
    requireNonNull(cipherSuite, "cipherSuite");
    requireNonNull(applicationProtocol, "applicationProtocol");
    requireNonNull(serverName, "serverName");
    peerCertificates = List.copyOf(peerCertificates);
  }
}
