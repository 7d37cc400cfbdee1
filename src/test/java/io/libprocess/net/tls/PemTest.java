package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Tls;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTest {

  @TempDir Path directory;

  private Path file(String name) {
    return directory.resolve(name);
  }

  private static String complaint(Path key) {
    Pem pem = Pem.read(key);
    return assertThrows(IllegalArgumentException.class, pem::key).getMessage();
  }

  @Test
  void key_rsaInPkcs8AndPkcs1() throws Exception {
    Certificates.openssl("genrsa -out", file("key"), "2048");
    PrivateKey key = Pem.read(file("key")).key();
    Certificates.openssl("rsa -traditional -in", file("key"), "-out", file("old"));

    assertTrue(Files.readString(file("old")).startsWith("-----BEGIN RSA PRIVATE KEY-----"));
    assertEquals(key, Pem.read(file("old")).key());
    assertEquals("RSA", key.getAlgorithm());
  }

  @Test
  void key_ecInPkcs8AndSec1() throws Exception {
    for (String curve : new String[] {"prime256v1", "secp384r1", "secp521r1"}) {
      Certificates.openssl("ecparam -genkey -name " + curve + " -out", file("sec1"));
      Certificates.openssl("pkcs8 -topk8 -nocrypt -in", file("sec1"), "-out", file("pkcs8"));

      assertTrue(Files.readString(file("sec1")).contains("-----BEGIN EC PARAMETERS-----"));
      assertEquals(secret("pkcs8"), secret("sec1"));
    }
  }

  private BigInteger secret(String name) {
    return ((ECPrivateKey) Pem.read(file(name)).key()).getS();
  }

  @Test
  void key_ed25519() throws Exception {
    Certificates.openssl("genpkey -algorithm ed25519 -out", file("key"));

    assertEquals("EdDSA", Pem.read(file("key")).key().getAlgorithm());
  }

  @Test
  void key_thatIsEncryptedIsRefusedClearly() throws Exception {
    Certificates.openssl("genrsa -aes128 -passout pass:secret -out", file("new"), "2048");
    Certificates.openssl(
        "rsa -traditional -aes128 -passin pass:secret -passout pass:secret -in",
        file("new"),
        "-out",
        file("old"));

    for (String name : new String[] {"new", "old"}) {
      String complaint = complaint(file(name));
      assertTrue(complaint.startsWith("the private key in " + file(name) + " is encrypted"));
    }
  }

  @Test
  void key_thatIsBrokenIsRefusedByName() throws Exception {
    Files.writeString(file("none"), "nothing here");
    Files.writeString(
        file("cut"), "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n");
    Files.writeString(
        file("ec"), "-----BEGIN EC PRIVATE KEY-----\nMIIE\n-----END EC PRIVATE KEY-----\n");
    Files.writeString(file("base"), "-----BEGIN PRIVATE KEY-----\n?!\n-----END PRIVATE KEY-----\n");

    for (String name : new String[] {"none", "cut", "ec", "base"}) {
      assertTrue(complaint(file(name)).contains(file(name).toString()), name);
    }
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> Pem.read(file("missing")))
            .getMessage()
            .startsWith("cannot read " + file("missing")));
  }

  @Test
  void certificates_areAChainInOrder() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity root = certificates.authority("root");
    Certificates.Identity leaf = certificates.forLocalhost(certificates.intermediate(root, "mid"));

    var chain = Pem.read(leaf.certificate()).certificates();

    assertEquals(2, chain.size());
    assertEquals("CN=localhost", chain.get(0).getSubjectX500Principal().toString());
    assertEquals("CN=mid", chain.get(1).getSubjectX500Principal().toString());
  }

  @Test
  void identity_ofAnotherKeyIsRefused() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity one = certificates.authority("one");
    Certificates.Identity two = certificates.authority("two");

    String complaint =
        assertThrows(
                IllegalArgumentException.class,
                () -> Tls.builder().identity(one.certificate(), two.key()))
            .getMessage();

    assertEquals("the key does not belong to the certificate of CN=one", complaint);
  }

  @Test
  void certificates_mayBeOnesThatOpensslTrusts() throws Exception {
    Certificates.Identity root = new Certificates(directory).authority("root");
    String text = Files.readString(root.certificate());
    assertEquals(
        Pem.of(text).certificates(),
        Pem.of(text.replace(" CERTIFICATE-", " TRUSTED CERTIFICATE-")).certificates());
  }

  @Test
  void publicKey_standsAloneOrIsThatOfTheFirstCertificate() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity root = certificates.authority("root");
    Certificates.Identity other = certificates.rsaForLocalhost(root);
    Certificates.openssl("pkey -pubout -in", other.key(), "-out", file("public"));
    String first = Files.readString(root.certificate());
    String second = Files.readString(other.certificate());
    String alone = Files.readString(file("public"));

    PublicKey key = Pem.of(second).publicKey();
    assertEquals("RSA", key.getAlgorithm());
    assertEquals(key, Pem.of(alone).publicKey());
    assertEquals(key, Pem.of(first + second + alone).publicKey());
    assertEquals("EC", Pem.of(first + second).publicKey().getAlgorithm());
    assertEquals(
        "no public key and no certificate in PEM in the text",
        assertThrows(IllegalArgumentException.class, Pem.of("nothing here")::publicKey)
            .getMessage());
    assertFalse(Pem.of(first + second + alone).hasKey());
    assertTrue(Pem.of(first + Files.readString(root.key())).hasKey());
  }
}
