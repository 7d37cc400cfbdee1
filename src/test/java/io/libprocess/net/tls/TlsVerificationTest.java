package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.Network;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Recorder;
import io.libprocess.net.Tls;
import io.libprocess.net.TlsAccess;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The peers that are accepted and refused, and the reasons for a refusal. */
@Timeout(120)
class TlsVerificationTest {

  @TempDir static Path directory;
  private static TlsFixture.Shared shared;

  private final TlsFixture fixture = new TlsFixture();

  @BeforeAll
  static void makeCertificates() throws Exception {
    shared = new TlsFixture.Shared(directory);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private NetworkAddress listen(Tls.Builder tls) throws IOException {
    return fixture.listen(tls.build(), Recorder::echo).address();
  }

  private void assertEchoes(Tls.Builder client, NetworkAddress address) throws Exception {
    Recorder recorder = fixture.connect(client.build(), address);
    recorder.channel.write(Recorder.utf8("echo"));
    assertEquals("echo", recorder.awaitText(4));
  }

  private void assertRefused(String reason, Tls.Builder client, NetworkAddress address)
      throws Exception {
    assertContains(reason, fixture.connectFailure(client.build(), address, "localhost"));
    assertContains("TLS handshake failed: ", fixture.refusal());
  }

  /* ------ Servers ------ */

  @Test
  void verifyBadCA_aServerOfAnUnknownAuthorityIsRefused() throws Exception {
    NetworkAddress address = listen(shared.server(shared.stranger));

    assertRefused("not issued by a trusted authority", shared.client(), address);
  }

  @Test
  void noVerifyBadCA_anythingWorksIfNothingIsVerified() throws Exception {
    NetworkAddress address = listen(shared.server(shared.stranger));

    assertEchoes(shared.server(shared.stranger).verifyServer(false), address);
  }

  @Test
  void verifyCertificate_trustedOnBothSidesWorks() throws Exception {
    NetworkAddress address =
        listen(shared.server().clientCertificate(Tls.ClientCertificate.REQUIRED));

    assertEchoes(shared.server(shared.client), address);
    Recorder server = fixture.network.nextAccepted();
    assertContains(
        "client",
        server.channel.tls().orElseThrow().peerCertificates().get(0).getSubjectX500Principal()
            + "");
  }

  @Test
  void hostnameMismatch_isRefused() throws Exception {
    NetworkAddress address = listen(shared.server());

    String failure =
        fixture.connectFailure(shared.client().build(), address, "invalid.example.org");

    assertContains("for another host than invalid.example.org", failure);
    assertContains("Failed to connect to " + address, failure);
    assertContains("it rejects this side's certificate", fixture.refusal());
  }

  @Test
  void expired_isRefused() throws Exception {
    Certificates.Identity old =
        shared.certificates.issue(shared.authority, "localhost", "DNS:localhost", -1);

    assertRefused("has expired (NotAfter: ", shared.client(), listen(shared.server(old)));
  }

  @Test
  void selfSigned_isRefusedUnlessItIsTrustedItself() throws Exception {
    Certificates.Identity self = shared.certificates.authority("localhost");
    NetworkAddress address = listen(shared.server(self));

    assertRefused("self-signed", shared.client(), address);
    assertEchoes(Tls.builder().authorities(self.certificate()), address);
  }

  @Test
  void chain_ofAnIntermediateIsFollowedToTheDepthAllowed() throws Exception {
    Certificates.Identity between = shared.certificates.intermediate(shared.authority, "between");
    Certificates.Identity leaf = shared.certificates.forLocalhost(between);
    NetworkAddress address = listen(shared.server(leaf));

    assertEchoes(shared.client(), address);
    assertEchoes(shared.client().verificationDepth(1), address);
    assertContains(
        "certificates between the peer\'s and an authority\'s exceed 0",
        fixture.connectFailure(shared.client().verificationDepth(0).build(), address, "localhost"));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void verifyIp_decidesAboutAServerKnownByItsIp(boolean verifyIp) throws Exception {
    Certificates.Identity named =
        shared.certificates.issue(shared.authority, "node", "DNS:node.test", 30);
    NetworkAddress address = listen(shared.server(named));
    Tls client = shared.client().verifyIp(verifyIp).build();

    Future<Transport.Channel> channel =
        client.connect(fixture.network.transport, address, Recorder::new);

    assertTrue(channel.await(Network.LIMIT));
    assertEquals(verifyIp, channel.isFailed());
    if (verifyIp) {
      assertContains("127.0.0.1", channel.failure().getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void basicSameProcess_bothSidesShowCertificatesOverAnIp(boolean verifyIp) throws Exception {
    Tls.Builder both = shared.server().verifyIp(verifyIp);
    NetworkAddress address = listen(both.clientCertificate(Tls.ClientCertificate.REQUIRED));
    Recorder[] made = new Recorder[1];

    Transport.Channel channel =
        Network.await(
            both.build()
                .connect(fixture.network.transport, address, open -> made[0] = new Recorder(open)));

    channel.write(Recorder.utf8("hello"));
    assertEquals("hello", made[0].awaitText(5));
  }

  @Test
  void basicSameProcessUnix_needsANameToVerify() throws Exception {
    UnixAddress address = new UnixAddress(directory.resolve("tls-socket").toString());
    fixture.network.transport.listen(
        address, 16, shared.server().build().accepting(Recorder::echo));

    assertEchoes(shared.client(), address);
    Future<Transport.Channel> nameless =
        shared.client().build().connect(fixture.network.transport, address, Recorder::new);
    assertTrue(nameless.isFailed());
    assertContains("has no name", nameless.failure().getMessage());
    Network.await(
        shared
            .client()
            .verifyServer(false)
            .build()
            .connect(fixture.network.transport, address, Recorder::new));
  }

  /* ------ Clients ------ */

  @Test
  void requireBadCA_aClientOfAnUnknownAuthorityIsRefused() throws Exception {
    NetworkAddress address =
        listen(
            shared
                .server()
                .clientCertificate(Tls.ClientCertificate.REQUIRED)
                .protocols(List.of("TLSv1.2")));

    assertContains(
        "rejects this side's certificate",
        fixture.connectFailure(shared.server(shared.stranger).build(), address, "localhost"));
    assertContains("not issued by a trusted authority", fixture.refusal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void requireCertificate_aClientWithoutOneIsRefused(String protocol) throws Exception {
    NetworkAddress address =
        listen(
            shared
                .server()
                .clientCertificate(Tls.ClientCertificate.REQUIRED)
                .protocols(List.of(protocol)));
    Recorder[] made = new Recorder[1];
    Future<Transport.Channel> channel =
        shared
            .client()
            .build()
            .connect(fixture.network.transport, address, open -> made[0] = new Recorder(open));

    assertContains("the client has presented no certificate", fixture.refusal());
    assertTrue(channel.await(Network.LIMIT));
    if (channel.isReady()) { // With TLS 1.3 the client is ready before the server has its answer.
      Network.await(made[0].closed);
      assertContains("certificate", made[0].failure.orElseThrow().getMessage());
    }
  }

  @Test
  void wantedCertificate_isVerifiedIfThereIsOne() throws Exception {
    NetworkAddress address =
        listen(
            shared
                .server()
                .clientCertificate(Tls.ClientCertificate.WANTED)
                .protocols(List.of("TLSv1.2")));

    assertEchoes(shared.client(), address);
    assertEchoes(shared.server(shared.client), address);
    assertContains(
        "rejects this side's certificate",
        fixture.connectFailure(shared.server(shared.stranger).build(), address, "localhost"));
  }

  /* ------ Protocols and ciphers ------ */

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, TLSv1.2, true",
    "TLSv1.2, TLSv1.3, false",
    "TLSv1.3, TLSv1.2, false",
    "TLSv1.3, TLSv1.3, true"
  })
  void mismatch_worksOnlyIfBothEnableTheSameProtocol(String server, String client, boolean works)
      throws Exception {
    NetworkAddress address = listen(shared.server().protocols(List.of(server)));
    Tls.Builder tls = shared.client().protocols(List.of(client));

    if (works) {
      assertEchoes(tls, address);
    } else {
      assertRefused("no version of TLS suits both sides", tls, address);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-CHACHA20-POLY1305",
        "ECDHE-RSA-AES256-GCM-SHA384"
      })
  void ecdheSupport_works(String cipher) throws Exception {
    Certificates.Identity rsa = shared.certificates.rsaForLocalhost(shared.authority);
    NetworkAddress address = listen(shared.server(rsa));
    Tls.Builder client = shared.client().protocols(List.of("TLSv1.2")).ciphers(List.of(cipher));

    assertEchoes(client, address);

    assertEquals(
        CipherSuites.jdkName(cipher),
        fixture.network.nextAccepted().channel.tls().orElseThrow().cipherSuite());
  }

  /** Suites that some JDKs have among their defaults. */
  @ParameterizedTest
  @ValueSource(strings = {"ECDHE-RSA-AES256-SHA", "ECDHE-RSA-AES128-SHA256", "DHE-RSA-AES256-SHA"})
  void cipherThatDoesNotAuthenticate_isOnlyUsedIfBothNameIt(String cipher) throws Exception {
    Certificates.Identity rsa = shared.certificates.rsaForLocalhost(shared.authority);
    Tls.Builder old = shared.client().protocols(List.of("TLSv1.2")).ciphers(List.of(cipher));
    NetworkAddress address = listen(shared.server(rsa));
    fixture.connectFailure(old.build(), address, "localhost");
    NetworkAddress oldServer = listen(shared.server(rsa).ciphers(List.of(cipher)));
    Tls.Builder client = shared.client().protocols(List.of("TLSv1.2"));
    fixture.connectFailure(client.build(), oldServer, "localhost");

    assertEchoes(old, oldServer);
  }

  @Test
  void defaultCiphers_haveForwardSecrecyAndAuthenticate() throws Exception {
    TlsEngines engines = TlsAccess.context(shared.server().build()).engines();
    for (SSLEngine engine :
        List.of(
            engines.server(List.of()),
            engines.client(Address.loopback(1), Optional.of("localhost"), List.of()))) {
      List<String> suites = List.of(engine.getEnabledCipherSuites());
      assertTrue(suites.contains("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), suites::toString);
      assertTrue(suites.contains("TLS_AES_256_GCM_SHA384"), suites::toString);
      for (String suite : suites) {
        assertTrue(
            suite.matches("TLS_(AES|CHACHA20|ECDHE_|DHE_RSA).*(GCM|POLY1305).*"),
            () -> suite + " is among the defaults");
      }
    }
  }

  @Test
  void contextWithoutASafeCipher_isRefused() {
    assertEquals(
        "no cipher suite with forward secrecy and authenticated encryption in"
            + " TLS_RSA_WITH_AES_128_GCM_SHA256:TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    CipherSuites.safe(
                        new String[] {
                          "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
                        }))
            .getMessage());
  }

  @Test
  void noAnonymousCipherIfVerify_isRefusedAtOnce() {
    Tls.Builder anonymous = shared.client().ciphers(List.of("ADH-AES256-SHA"));

    assertEquals(
        "an anonymous cipher does not authenticate the peer: ADH-AES256-SHA",
        assertThrows(IllegalArgumentException.class, anonymous::build).getMessage());
    assertEquals(
        "no usable cipher in RC4-SHA:NONSENSE",
        assertThrows(
                IllegalArgumentException.class,
                () -> Tls.builder().ciphers(List.of("RC4-SHA", "NONSENSE")).build())
            .getMessage());
  }

  /* ------ Hooks ------ */

  @Test
  void customSSLContext_callsBothHooks() throws Exception {
    NetworkAddress address = listen(shared.server());
    AtomicInteger calls = new AtomicInteger();

    assertEchoes(
        shared
            .client()
            .configure(engine -> calls.addAndGet(engine.getUseClientMode() ? 1 : 100))
            .verify(engine -> calls.addAndGet(engine.getSession().isValid() ? 10 : 100)),
        address);

    assertEquals(11, calls.get());
  }

  @Test
  void customSSLContextConfigureSocketFails_connectFails() throws Exception {
    NetworkAddress address = listen(shared.server());

    assertContains(
        "Failed to configure socket: not today",
        fixture.connectFailure(
            shared
                .client()
                .configure(
                    engine -> {
                      throw new IOException("not today");
                    })
                .build(),
            address,
            "localhost"));
  }

  @Test
  void customSSLContextVerifyFails_connectFails() throws Exception {
    NetworkAddress address = listen(shared.server());

    assertContains(
        "not this one",
        fixture.connectFailure(
            shared
                .client()
                .verify(
                    engine -> {
                      throw new IllegalStateException("not this one");
                    })
                .build(),
            address,
            "localhost"));
  }

  /* ------ Downgrade ------ */

  private String plainEcho(NetworkAddress address) throws Exception {
    try (Socket plain = Network.dial(address)) {
      plain.getOutputStream().write("plain".getBytes(StandardCharsets.UTF_8));
      plain.shutdownOutput();
      return new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void validDowngradeEachProtocol_plainWorksEvenIfCertificatesAreRequired(String protocol)
      throws Exception {
    NetworkAddress address =
        listen(
            shared
                .server()
                .protocols(List.of(protocol))
                .clientCertificate(Tls.ClientCertificate.REQUIRED)
                .supportDowngrade(true));

    assertEquals("plain", plainEcho(address));
    assertEquals(Optional.empty(), fixture.network.nextAccepted().channel.tls());
    assertEchoes(shared.server(shared.client), address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void noValidDowngradeEachProtocol_plainIsRefused(String protocol) throws Exception {
    NetworkAddress address = listen(shared.server().protocols(List.of(protocol)));

    plainEcho(address);

    assertContains("what the peer sends is not TLS", fixture.refusal());
  }

  @Test
  void silentSocketWithDowngrade_delaysNobody() throws Exception {
    NetworkAddress address = listen(shared.server().supportDowngrade(true));
    try (Socket silent = Network.dial(address)) {
      silent.getOutputStream().write(0x16); // May become either.
      assertEchoes(shared.client(), address);
    }
  }
}
