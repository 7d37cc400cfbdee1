package io.libprocess.net.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Verifies the peer's certificates by the JDK's checks, or not at all if that was asked for. */
final class TlsTrust extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager checks; // Null if nothing is checked.
  private final boolean verifiesServers;

  private TlsTrust(X509ExtendedTrustManager checks, boolean verifiesServers) {
    this.checks = checks;
    this.verifiesServers = verifiesServers;
  }

  /** Checks no certificate. */
  static TlsTrust none() {
    return new TlsTrust(null, false);
  }

  /**
   * Checks certificates.
   *
   * @param authorities PEM files, or directories of PEM files; the JDK's own authorities if empty
   * @param depth how many certificates may stand between the peer's and an authority's
   * @throws IllegalArgumentException if an authority cannot be read
   */
  static TlsTrust of(List<Path> authorities, int depth, boolean verifiesServers) {
    try {
      List<X509Certificate> trusted =
          authorities.isEmpty() ? authoritiesOfTheJdk() : read(authorities);
      Set<TrustAnchor> anchors =
          trusted.stream()
              .map(ca -> new TrustAnchor(ca, null))
              .collect(Collectors.toCollection(LinkedHashSet::new));
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      parameters.setRevocationEnabled(false);
      parameters.setMaxPathLength(depth);
      parameters.addCertPathChecker(new PathLength(depth));
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      return new TlsTrust(checks(factory), verifiesServers);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no usable authority: " + e.getMessage(), e);
    }
  }

  private static X509ExtendedTrustManager checks(TrustManagerFactory factory) {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager checks) {
        return checks;
      }
    }
    throw new IllegalArgumentException("this JDK cannot check certificates: " + factory);
  }

  private static List<X509Certificate> authoritiesOfTheJdk() throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init((KeyStore) null);
    return Arrays.asList(checks(factory).getAcceptedIssuers());
  }

  private static List<X509Certificate> read(List<Path> authorities) {
    List<X509Certificate> trusted = new ArrayList<>();
    for (Path path : authorities) {
      int before = trusted.size();
      for (Path file : files(path)) {
        trusted.addAll(Pem.read(file).certificates());
      }
      if (trusted.size() == before) {
        throw new IllegalArgumentException("no certificate in PEM in " + path);
      }
    }
    return trusted;
  }

  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + path + ": " + e, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    if (verifiesServers) {
      checks.checkServerTrusted(chain, type, engine);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    if (checks != null) {
      checks.checkClientTrusted(chain, type, engine);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("only engines are used");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("only engines are used");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only engines are used");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only engines are used");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return checks == null ? new X509Certificate[0] : checks.getAcceptedIssuers();
  }
}
