package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.Socket;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK asks about this end's identity, and about whom it trusts. */
class TlsIdentityTest {

  private static final SSLEngine NO_ENGINE = null; // Only the certificates are checked then.

  @TempDir static Path directory;
  private static TlsFixture.Shared shared;
  private static Certificates.Identity rsa;

  @BeforeAll
  static void makeCertificates() throws Exception {
    shared = new TlsFixture.Shared(directory);
    rsa = shared.certificates.rsaForLocalhost(shared.authority);
  }

  private static PrivateKey key(Certificates.Identity of) {
    return Pem.read(of.key()).key();
  }

  private static List<X509Certificate> chain(Certificates.Identity of) {
    return Pem.read(of.certificate()).certificates();
  }

  @Test
  void key_isThatOfTheCertificate() {
    for (Certificates.Identity one : List.of(shared.client, rsa)) {
      for (Certificates.Identity other : List.of(shared.client, rsa, shared.stranger)) {
        if (one == other) {
          new TlsIdentity(key(one), chain(other));
        } else {
          assertEquals(
              "the key does not belong to the certificate of "
                  + chain(other).get(0).getSubjectX500Principal(),
              assertThrows(
                      IllegalArgumentException.class, () -> new TlsIdentity(key(one), chain(other)))
                  .getMessage());
        }
      }
    }
    assertEquals(
        "no certificate for the key",
        assertThrows(IllegalArgumentException.class, () -> new TlsIdentity(key(rsa), List.of()))
            .getMessage());
  }

  @Test
  void identity_isPresentedIfItsKeyIsOfAKindThatSuits() {
    TlsIdentity identity = new TlsIdentity(key(rsa), chain(rsa));
    String alias = identity.chooseEngineServerAlias("RSA", null, null);
    assertNotNull(alias);
    String[] kinds = {"EC", "RSA"};
    assertEquals(alias, identity.chooseEngineClientAlias(kinds, null, null));
    assertEquals(alias, identity.chooseClientAlias(kinds, null, null));
    assertEquals(alias, identity.chooseServerAlias("RSA", null, null));
    assertArrayEquals(new String[] {alias}, identity.getClientAliases("RSA", null));
    assertArrayEquals(new String[] {alias}, identity.getServerAliases("RSA", null));
    String[] other = {"EC"};
    assertNull(identity.chooseEngineClientAlias(other, null, null));
    assertNull(identity.chooseEngineServerAlias("EC", null, null));
    assertNull(identity.chooseClientAlias(other, null, null));
    assertNull(identity.chooseServerAlias("EC", null, null));
    assertEquals(key(rsa), identity.getPrivateKey(alias));
    X509Certificate[] chain = identity.getCertificateChain(alias);
    assertEquals(chain(rsa), List.of(chain));
    chain[0] = null;
    assertEquals(chain(rsa), List.of(identity.getCertificateChain(alias)));
  }

  private static void assertRefuses(X509ExtendedTrustManager trust) {
    X509Certificate[] chain = chain(rsa).toArray(X509Certificate[]::new);
    Socket none = null;
    assertThrows(CertificateException.class, () -> trust.checkServerTrusted(chain, "RSA"));
    assertThrows(CertificateException.class, () -> trust.checkClientTrusted(chain, "RSA"));
    assertThrows(CertificateException.class, () -> trust.checkServerTrusted(chain, "RSA", none));
    assertThrows(CertificateException.class, () -> trust.checkClientTrusted(chain, "RSA", none));
  }

  @Test
  void trust_isForEnginesOnlyWhichKnowTheNameOfThePeer() {
    assertRefuses(TlsTrust.of(List.of(shared.authority.certificate()), 4, true));
    assertRefuses(TlsTrust.none());
  }

  @Test
  void authorities_areThoseThatClientsAreTold() {
    X509Certificate[] issuers =
        TlsTrust.of(List.of(shared.authority.certificate()), 4, true).getAcceptedIssuers();
    assertEquals(chain(shared.authority), List.of(issuers));
    assertEquals(0, TlsTrust.none().getAcceptedIssuers().length);
  }

  @Test
  void authorities_haveToBeReadable() {
    assertThrows(IllegalArgumentException.class, () -> TlsTrust.of(List.of(rsa.key()), 4, true));
    Path nowhere = directory.resolve("nowhere");
    assertThrows(IllegalArgumentException.class, () -> TlsTrust.of(List.of(nowhere), 4, true));
  }

  @Test
  void certificates_areCheckedByWhoIsTrusted() throws Exception {
    X509Certificate[] good = chain(rsa).toArray(X509Certificate[]::new);
    X509Certificate[] bad = chain(shared.stranger).toArray(X509Certificate[]::new);
    List<Path> authorities = List.of(shared.authority.certificate());
    TlsTrust trust = TlsTrust.of(authorities, 4, true);
    trust.checkClientTrusted(good, "RSA", NO_ENGINE);
    assertThrows(CertificateException.class, () -> trust.checkClientTrusted(bad, "EC", NO_ENGINE));
    assertThrows(CertificateException.class, () -> trust.checkServerTrusted(bad, "EC", NO_ENGINE));
    TlsTrust clientsOnly = TlsTrust.of(authorities, 4, false);
    clientsOnly.checkServerTrusted(bad, "EC", NO_ENGINE);
    assertThrows(
        CertificateException.class, () -> clientsOnly.checkClientTrusted(bad, "EC", NO_ENGINE));
    TlsTrust.none().checkClientTrusted(bad, "EC", NO_ENGINE);
    TlsTrust.none().checkServerTrusted(bad, "EC", NO_ENGINE);
  }
}
