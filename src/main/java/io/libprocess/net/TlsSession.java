package io.libprocess.net;

import static java.util.Objects.requireNonNull;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The result of a TLS handshake.
 *
 * @param protocol the version, such as {@code TLSv1.3}
 * @param cipherSuite the suite, by its name in the JDK
 * @param applicationProtocol the protocol chosen by ALPN, if any
 * @param serverName the name that the client has asked for, if any
 * @param peerCertificates the peer's certificates, its own first; empty if it has presented none.
 *     They were verified unless that is switched off
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
