package io.libprocess.net.tls;

import io.libprocess.future.CheckedConsumer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/**
 * The settings from which a {@link TlsContext} is made, with the defaults. They are filled in by
 * one thread and are checked by the code that fills them in.
 */
public final class TlsSettings {

  /** The certificate that a server asks of its clients. */
  public enum ClientCertificate {
    NONE,
    WANTED,
    REQUIRED
  }

  public SSLContext context; // Null if it has to be made.
  public final List<Path> authorities = new ArrayList<>();
  public boolean verifyServer = true;
  public boolean verifyIp = true;
  public int verificationDepth = 4;
  public ClientCertificate clientCertificate = ClientCertificate.NONE;
  public List<String> protocols = List.of("TLSv1.3", "TLSv1.2");
  public List<String> ciphers = List.of();
  public List<String> curves = List.of();
  public List<String> applicationProtocols = List.of();
  public Duration handshakeTimeout = Duration.ofSeconds(10);
  public boolean downgrade;
  public CheckedConsumer<? super SSLEngine> configure = engine -> {};
  public CheckedConsumer<? super SSLEngine> verify = engine -> {};

  private TlsIdentity identity; // Null if there is none.

  /**
   * Reads a certificate with its chain, and its key.
   *
   * @throws IllegalArgumentException if a file cannot be used; the message names it
   */
  public void identity(Path certificates, Path key) {
    identity = new TlsIdentity(Pem.read(key).key(), Pem.read(certificates).certificates());
  }

  /**
   * Makes the context. Reads the authorities.
   *
   * @throws IllegalArgumentException if a file cannot be used; the message names it
   */
  public TlsContext build() {
    return new TlsContext(this);
  }

  boolean hasIdentity() {
    return context != null || identity != null;
  }

  /** The context that was given, or one made from the given keys and authorities. */
  SSLContext jdkContext() {
    if (context != null) {
      return context;
    }
    boolean checks = verifyServer || clientCertificate != ClientCertificate.NONE;
    TlsTrust trust =
        checks ? TlsTrust.of(authorities, verificationDepth, verifyServer) : TlsTrust.none();
    KeyManager[] keys = identity == null ? null : new KeyManager[] {identity};
    try {
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(keys, new TrustManager[] {trust}, null);
      return made;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("this JDK has no TLS: " + e.getMessage(), e);
    }
  }
}
