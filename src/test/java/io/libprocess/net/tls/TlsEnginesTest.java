package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.UnixAddress;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engines of connections are told. */
class TlsEnginesTest {

  private static final Address ADDRESS = new Address(Address.parseIp("1.2.3.4"), 77);

  private final TlsSettings settings = new TlsSettings();

  private TlsEngines engines() throws Exception {
    return new TlsEngines(SSLContext.getDefault(), settings);
  }

  private SSLEngine client(NetworkAddress address, String host) throws Exception {
    return engines().client(address, Optional.ofNullable(host), List.of("h2", "http/1.1"));
  }

  private static String verification(SSLEngine client) {
    return client.getSSLParameters().getEndpointIdentificationAlgorithm();
  }

  @ParameterizedTest
  @EnumSource
  void server_asksForTheCertificateThatIsWanted(TlsSettings.ClientCertificate kind)
      throws Exception {
    settings.clientCertificate = kind;
    SSLEngine server = engines().server(List.of());
    assertFalse(server.getUseClientMode());
    assertTrue(server.getSSLParameters().getUseCipherSuitesOrder());
    assertEquals(kind == TlsSettings.ClientCertificate.WANTED, server.getWantClientAuth());
    assertEquals(kind == TlsSettings.ClientCertificate.REQUIRED, server.getNeedClientAuth());
  }

  @Test
  void settings_areThoseOfBothKinds() throws Exception {
    settings.protocols = List.of("TLSv1.2");
    settings.ciphers = List.of("ECDHE-RSA-AES128-GCM-SHA256");
    settings.applicationProtocols = List.of("spdy");
    for (SSLEngine engine : List.of(engines().server(List.of("h2")), client(ADDRESS, "a.test"))) {
      assertArrayEquals(new String[] {"TLSv1.2"}, engine.getEnabledProtocols());
      assertEquals("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", engine.getEnabledCipherSuites()[0]);
      assertArrayEquals(new String[] {"spdy"}, engine.getSSLParameters().getApplicationProtocols());
      assertNull(engine.getHandshakeApplicationProtocolSelector());
    }
  }

  @ParameterizedTest
  @CsvSource({"'h2,http/1.1', http/1.1", "'h2', h2", "'spdy', ''"})
  void server_choosesWhatItPrefersAmongTheOffered(String offered, String chosen) throws Exception {
    SSLEngine server = engines().server(List.of("http/1.1", "h2"));
    assertEquals(
        chosen,
        server
            .getHandshakeApplicationProtocolSelector()
            .apply(server, List.of(offered.split(","))));
  }

  @Test
  void client_offersWhatItPrefers() throws Exception {
    SSLEngine client = client(ADDRESS, "a.test");
    assertTrue(client.getUseClientMode());
    assertArrayEquals(
        new String[] {"h2", "http/1.1"}, client.getSSLParameters().getApplicationProtocols());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.test", "localhost"})
  void client_saysAndVerifiesTheNameOfTheServer(String name) throws Exception {
    SSLEngine client = client(ADDRESS, name);
    assertEquals(name, client.getPeerHost());
    assertEquals(77, client.getPeerPort());
    assertEquals(List.of(new SNIHostName(name)), client.getSSLParameters().getServerNames());
    assertEquals("HTTPS", verification(client));
  }

  @ParameterizedTest
  @CsvSource({"1.2.3.4,", "1.2.3.4, 1.2.3.4", "::1, ::1"})
  void client_saysNoNameIfItHasOnlyAnIp(String peer, String host) throws Exception {
    SSLEngine client = client(ADDRESS, host);
    assertEquals(peer, client.getPeerHost());
    assertNull(client.getSSLParameters().getServerNames());
    assertEquals("HTTPS", verification(client));
  }

  @Test
  void curves_areSetWhereTheJdkCan() throws Exception {
    settings.curves = List.of("P-256", "X25519");
    if (Runtime.version().feature() < 20) {
      String complaint = assertThrows(IllegalArgumentException.class, this::engines).getMessage();
      TlsFixture.assertContains("choosing curves needs JDK 20 or newer", complaint);
      return;
    }
    SSLParameters parameters = engines().server(List.of()).getSSLParameters();
    String[] curves = (String[]) SSLParameters.class.getMethod("getNamedGroups").invoke(parameters);
    assertArrayEquals(new String[] {"secp256r1", "x25519"}, curves);
  }

  @Test
  void verification_mayBeLeftOut() throws Exception {
    settings.verifyIp = false;
    assertNull(verification(client(ADDRESS, null)));
    assertEquals("HTTPS", verification(client(ADDRESS, "a.test")));
    settings.verifyServer = false;
    assertNull(verification(client(ADDRESS, "a.test")));
    settings.verifyIp = true;
    assertNull(verification(client(ADDRESS, null)));
  }

  @Test
  void serverWithoutAName_cannotBeVerified() throws Exception {
    UnixAddress unix = new UnixAddress("/nowhere");
    assertThrows(SSLException.class, () -> client(unix, null));
    SSLEngine named = client(unix, "a.test");
    assertEquals("a.test", named.getPeerHost());
    assertEquals(0, named.getPeerPort());
    settings.verifyServer = false;
    assertNull(client(unix, null).getPeerHost());
  }
}
