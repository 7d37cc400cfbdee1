package io.libprocess.net.tls;

import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.TlsSession;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Makes the engines of connections, and describes their sessions. */
final class TlsEngines {

  private final SSLContext context;
  private final String[] protocols;
  private final String[] ciphers;
  private final String[] curves; // Empty for the JDK's choice.
  private final String[] applicationProtocols;
  private final boolean verifyServer;
  private final boolean verifyIp;
  private final TlsSettings.ClientCertificate clientCertificate;

  TlsEngines(SSLContext context, TlsSettings settings) {
    this.context = context;
    protocols = settings.protocols.toArray(String[]::new);
    applicationProtocols = settings.applicationProtocols.toArray(String[]::new);
    verifyServer = settings.verifyServer;
    verifyIp = settings.verifyIp;
    clientCertificate = settings.clientCertificate;
    curves = CipherSuites.curves(settings.curves);
    String[] supported = context.getSupportedSSLParameters().getCipherSuites();
    ciphers =
        settings.ciphers.isEmpty()
            ? CipherSuites.safe(context.getDefaultSSLParameters().getCipherSuites())
            : CipherSuites.resolve(settings.ciphers, supported);
    setCurves(new SSLParameters()); // So that a JDK without this feature is detected now.
  }

  /**
   * The engine of an accepted connection.
   *
   * @param preferred the application protocols to choose from if none are configured, best first
   */
  SSLEngine server(List<String> preferred) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters(engine);
    parameters.setUseCipherSuitesOrder(true);
    parameters.setWantClientAuth(clientCertificate == TlsSettings.ClientCertificate.WANTED);
    if (clientCertificate == TlsSettings.ClientCertificate.REQUIRED) {
      parameters.setNeedClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    if (applicationProtocols.length == 0) {
      engine.setHandshakeApplicationProtocolSelector(
          (any, offered) -> preferred.stream().filter(offered::contains).findFirst().orElse(""));
    }
    return engine;
  }

  /**
   * The engine of an outgoing connection.
   *
   * @param preferred the application protocols to offer if none are configured, best first
   * @throws SSLException if the server could not be verified
   */
  SSLEngine client(NetworkAddress address, Optional<String> host, List<String> preferred)
      throws SSLException {
    Optional<Address> inet = address.inet();
    String peer = host.or(() -> inet.map(ip -> ip.ip().getHostAddress())).orElse(null);
    if (peer == null && verifyServer) {
      throw new SSLException(
          "a Unix domain socket has no name that its certificate could be verified for: give one");
    }
    // Sessions are resumed by this name and port.
    SSLEngine engine = context.createSSLEngine(peer, inet.map(Address::port).orElse(0));
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(engine);
    host.filter(TlsEngines::isName)
        .ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name))));
    if (verifyServer && (host.isPresent() || verifyIp)) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    if (applicationProtocols.length == 0) {
      parameters.setApplicationProtocols(preferred.toArray(String[]::new));
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private SSLParameters parameters(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(protocols);
    parameters.setCipherSuites(ciphers);
    parameters.setApplicationProtocols(applicationProtocols);
    setCurves(parameters);
    return parameters;
  }

  private void setCurves(SSLParameters parameters) {
    if (curves.length == 0) {
      return;
    }
    try {
      // By name, because the code is compiled for JDK 17.
      Method setter = SSLParameters.class.getMethod("setNamedGroups", String[].class);
      setter.invoke(parameters, (Object) curves);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(
          "choosing curves needs JDK 20 or newer, or the system property jdk.tls.namedGroups", e);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException("cannot choose the curves " + String.join(":", curves), e);
    }
  }

  /** Whether a host is a name rather than an IP: only names are sent. */
  private static boolean isName(String host) {
    try {
      Address.parseIp(host);
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  /** The session of a finished handshake. */
  static TlsSession session(SSLEngine engine, Optional<String> host) {
    SSLSession session = engine.getSession();
    String chosen = engine.getApplicationProtocol();
    return new TlsSession(
        session.getProtocol(),
        session.getCipherSuite(),
        chosen == null || chosen.isEmpty() ? Optional.empty() : Optional.of(chosen),
        engine.getUseClientMode() ? host : requestedName(session),
        peerCertificates(session));
  }

  private static Optional<String> requestedName(SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      for (SNIServerName name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName hostName) {
          return Optional.of(hostName.getAsciiName());
        }
      }
    }
    return Optional.empty();
  }

  private static List<X509Certificate> peerCertificates(SSLSession session) {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (Certificate certificate : session.getPeerCertificates()) {
        if (certificate instanceof X509Certificate x509) {
          certificates.add(x509);
        }
      }
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // The peer has presented none.
    }
    return certificates;
  }
}
