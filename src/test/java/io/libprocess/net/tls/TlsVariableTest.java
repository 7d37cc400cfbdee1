package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import io.libprocess.net.Tls;
import io.libprocess.net.TlsAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsVariableTest {

  private static final String PREFIX = "LIBPROCESS_SSL_";

  @TempDir static Path directory;
  private static Certificates.Identity identity;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    identity = new Certificates(directory).authority("anybody");
  }

  @BeforeEach
  void enable() {
    set("ENABLED", "true");
    set("CERT_FILE", identity.certificate().toString());
    set("KEY_FILE", identity.key().toString());
  }

  private void set(String name, String value) {
    environment.put(PREFIX + name, value);
  }

  private Tls read() {
    return Tls.fromEnvironment(environment::get).orElseThrow();
  }

  private String complaint() {
    return assertThrows(IllegalArgumentException.class, this::read).getMessage();
  }

  @Test
  void disabled_nothingElseIsLookedAt() {
    set("ENABLED", "false");
    set("ENABLE_SSL_V3", "nonsense");

    assertEquals(Optional.empty(), Tls.fromEnvironment(environment::get));
    assertEquals(Optional.empty(), Tls.fromEnvironment(name -> null));
  }

  @Test
  void defaults_areSafe() throws Exception {
    Tls tls = read();

    assertEquals(Duration.ofSeconds(10), tls.handshakeTimeout());
    assertEquals(false, tls.supportsDowngrade());
    var client =
        TlsAccess.context(tls)
            .engines()
            .client(Address.loopback(1), Optional.of("localhost"), List.of());
    assertEquals("HTTPS", client.getSSLParameters().getEndpointIdentificationAlgorithm());
    assertEquals(2, client.getEnabledProtocols().length);
    assertEquals(false, TlsAccess.context(tls).engines().server(List.of()).getNeedClientAuth());
  }

  @Test
  void all_areUsed() throws Exception {
    set("SUPPORT_DOWNGRADE", "1");
    set("REQUIRE_CLIENT_CERT", "true");
    set("VERIFY_SERVER_CERT", "false"); // Overruled.
    set("VERIFY_IPADD", "true");
    set("VERIFICATION_DEPTH", "2");
    set("CA_FILE", identity.certificate().toString());
    set("CIPHERS", "ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA:RC4-SHA");
    set("ECDH_CURVES", "auto");
    set("HOSTNAME_VALIDATION_SCHEME", "openssl");
    set("ENABLE_SSL_V3", "false");
    set("ENABLE_TLS_V1_0", "0");
    set("ENABLE_TLS_V1_1", "false");
    set("ENABLE_TLS_V1_3", "false");
    set("HANDSHAKE_TIMEOUT", "3secs");

    Tls tls = read();

    assertTrue(tls.supportsDowngrade());
    assertEquals(Duration.ofSeconds(3), tls.handshakeTimeout());
    var server = TlsAccess.context(tls).engines().server(List.of());
    assertTrue(server.getNeedClientAuth());
    assertEquals("TLSv1.2", String.join(",", server.getEnabledProtocols()));
    assertEquals("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", server.getEnabledCipherSuites()[0]);
    var client =
        TlsAccess.context(tls).engines().client(Address.loopback(1), Optional.empty(), List.of());
    assertEquals("HTTPS", client.getSSLParameters().getEndpointIdentificationAlgorithm());
  }

  @Test
  void authorities_mayBeAFile() {
    set("CA_FILE", "/nowhere");
    assertTrue(complaint().contains("cannot read /nowhere"), this::complaint);
    set("CA_FILE", identity.certificate().toString());
    read();
  }

  @Test
  void authorities_mayBeADirectory() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("authorities"));
    set("CA_DIR", folder.toString());
    assertTrue(complaint().contains("no certificate in PEM in " + folder));

    Files.copy(identity.certificate(), folder.resolve("a.pem"));
    read();
  }

  @ParameterizedTest
  @CsvSource({
    "ENABLED, yes, 'not true, 1, false or 0: ''yes'''",
    "ENABLE_SSL_V3, true, not supported: only TLS 1.2 and 1.3 are",
    "ENABLE_TLS_V1_0, 1, not supported: only TLS 1.2 and 1.3 are",
    "ENABLE_TLS_V1_1, true, not supported: only TLS 1.2 and 1.3 are",
    "HOSTNAME_VALIDATION_SCHEME, legacy, 'not openssl; the legacy'",
    "VERIFICATION_DEPTH, deep, not a number",
    "VERIFICATION_DEPTH, -1, 'not a number in 0..2147483647: ''-1'''",
    "KEY_FILE, /nowhere, cannot read /nowhere",
    "HANDSHAKE_TIMEOUT, soon, ''"
  })
  void invalid_namesTheVariableAndTheRule(String name, String value, String rule) {
    set(name, value);

    String complaint = complaint();

    assertTrue(complaint.startsWith(PREFIX + name + ": " + rule), complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CERT_FILE", "KEY_FILE"})
  void missing_isNamed(String name) {
    environment.remove(PREFIX + name);

    assertEquals(
        PREFIX + name + ": not set, and needed because " + PREFIX + "ENABLED is", complaint());
  }

  @ParameterizedTest
  @CsvSource({"ENABLE_TLS_V1_2, TLSv1.3", "ENABLE_TLS_V1_3, TLSv1.2"})
  void oneProtocol_maySuffice(String disabled, String left) {
    set(disabled, "false");
    assertArrayEquals(
        new String[] {left},
        TlsAccess.context(read()).engines().server(List.of()).getEnabledProtocols());
  }

  @Test
  void names_areAllOfThePrefix() {
    assertTrue(TlsVariable.names().containsAll(environment.keySet()));
    for (String name : TlsVariable.names()) {
      assertTrue(name.startsWith(PREFIX), name);
    }
  }

  @Test
  void noProtocol_isRefused() {
    set("ENABLE_TLS_V1_2", "false");
    set("ENABLE_TLS_V1_3", "false");

    assertTrue(complaint().contains("neither this nor TLS 1.3 is enabled"));
  }

  @Test
  void curves_needANewJdk() {
    set("ECDH_CURVES", "X25519:prime256v1");

    if (Runtime.version().feature() >= 20) {
      read();
    } else {
      assertTrue(complaint().contains("choosing curves needs JDK 20"), this::complaint);
    }
  }
}
