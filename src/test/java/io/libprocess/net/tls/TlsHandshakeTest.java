package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.SlicingProxy;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections that speak TLS begin, or fail to. */
@Timeout(120)
class TlsHandshakeTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  @TempDir static Path directory;
  private static TlsFixture.Shared shared;

  private final TlsFixture fixture = new TlsFixture();
  private final Network network = fixture.network;

  @BeforeAll
  static void makeCertificates() throws Exception {
    shared = new TlsFixture.Shared(directory);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /* ------ Handshakes that fail ------ */

  @Test
  void garbage_isRefusedAndDisturbsNobody() throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::echo);
    Recorder good = fixture.connect(shared.client().build(), listener.address());
    Random random = new Random(42);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[1 + random.nextInt(2000)];
      random.nextBytes(garbage);
      if (i % 2 == 0) { // Looks like the start of a handshake.
        byte[] head = {22, 3, 1, 0, (byte) random.nextInt(256), 1};
        System.arraycopy(head, 0, garbage, 0, Math.min(head.length, garbage.length));
      }
      try (Socket socket = Network.dial(listener.address())) {
        socket.getOutputStream().write(garbage);
        socket.shutdownOutput();
        try {
          socket.getInputStream().readAllBytes();
        } catch (java.io.IOException e) {
          // A reset is fine too.
        }
      }
      assertContains("TLS handshake failed: ", fixture.refusal());
    }

    good.channel.write(Recorder.utf8("undisturbed"));
    assertEquals("undisturbed", good.awaitText(11));
  }

  /** A client whose handshake is damaged somewhere gets no connection, and nobody hangs. */
  @Test
  void handshake_damagedAnywhereIsRefused() throws Exception {
    Duration limit = Duration.ofSeconds(3); // A damaged length has both sides wait.
    Transport.Listener listener =
        fixture.listen(shared.server().handshakeTimeout(limit).build(), Recorder::echo);
    Tls client = shared.client().handshakeTimeout(limit).build();
    int runs = 15 * Integer.getInteger("libprocess.stress", 1);
    for (int i = 0; i < runs; i++) {
      try (SlicingProxy proxy = new SlicingProxy(listener.address(), SlicingProxy.Kind.WHOLE)) {
        proxy.corruptAt(i * 137);
        Future<Transport.Channel> channel =
            client.connect(network.transport, proxy.address(), "localhost", Recorder::new);

        assertTrue(channel.await(Network.LIMIT), "hangs at byte " + i * 137);
        if (channel.isReady()) { // Damaged was what came after the client's last word.
          channel.get().close();
        }
      }
    }
    Recorder good = fixture.connect(shared.client().build(), listener.address());
    good.channel.write(Recorder.utf8("fine"));
    assertEquals("fine", good.awaitText(4));
  }

  @Test
  void silentPeer_delaysNobodyAndIsCutInTheEnd() throws Exception {
    Clock clock = Clock.paused(Instant.EPOCH);
    try (TlsFixture paused = new TlsFixture(clock)) {
      Transport.Listener listener =
          paused.listen(shared.server().handshakeTimeout(TEN_SECONDS).build(), Recorder::echo);
      try (Socket silent = Network.dial(listener.address())) {
        Recorder client = paused.connect(shared.client().build(), listener.address());
        client.channel.write(Recorder.utf8("next"));
        assertEquals("next", client.awaitText(4));

        clock.advance(Duration.ofSeconds(11));

        assertContains("not finished within PT10S", paused.refusal());
        assertTrue(silent.getInputStream().readAllBytes().length < 50, "an alert at most");
      }
    }
  }

  @Test
  void peer_thatDoesNotEvenTellWhatItSpeaksIsCut() throws Exception {
    Clock clock = Clock.paused(Instant.EPOCH);
    try (TlsFixture paused = new TlsFixture(clock)) {
      Transport.Listener listener =
          paused.listen(
              shared.server().supportDowngrade(true).handshakeTimeout(TEN_SECONDS).build(),
              Recorder::echo);
      try (Socket silent = Network.dial(listener.address())) {
        for (int loop = 0; loop < 2; loop++) { // Served after the silent one, on its loop too.
          Recorder other = paused.network.connect(listener.address(), Recorder::new);
          other.channel.write(Recorder.utf8("GET "));
          assertEquals("GET ", other.awaitText(4));
        }

        clock.advance(Duration.ofSeconds(11));

        assertContains("it has sent nothing within PT10S", paused.refusal());
        assertEquals(-1, silent.getInputStream().read());
      }
    }
  }

  @Test
  void connect_toAServerThatSaysNothingTimesOut() throws Exception {
    Clock clock = Clock.paused(Instant.EPOCH);
    try (TlsFixture paused = new TlsFixture(clock)) {
      Transport.Listener silent = paused.network.listen(Recorder::new);
      Future<Transport.Channel> channel =
          shared
              .client()
              .handshakeTimeout(TEN_SECONDS)
              .build()
              .connect(paused.network.transport, silent.address(), Recorder::new);
      paused.network.nextAccepted().awaitText(100); // The client's greeting.

      clock.advance(Duration.ofSeconds(11));

      assertTrue(channel.await(Network.LIMIT));
      assertContains("not finished within PT10S", channel.failure().getMessage());
    }
  }

  @Test
  void connect_discardGivesUp() throws Exception {
    Transport.Listener silent = network.listen(Recorder::new);
    Future<Transport.Channel> channel =
        shared.client().build().connect(network.transport, silent.address(), Recorder::new);
    Recorder server = network.nextAccepted();
    server.awaitText(100);

    channel.discard();

    assertTrue(channel.await(Network.LIMIT));
    assertTrue(channel.isDiscarded());
    Network.await(server.ended);
  }

  @Test
  void connect_toAServerThatHangsUpFails() throws Exception {
    Transport.Listener rude =
        network.listen(
            channel ->
                new Recorder(channel) {
                  @Override
                  public void onReceived(ByteBuffer data) {
                    channel.closeAfterWrites();
                  }
                });

    assertContains(
        "closes the connection during the handshake",
        fixture.connectFailure(shared.client().build(), rude.address(), "localhost"));
  }

  /* ------ What is agreed on ------ */

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void session_isResumed(String protocol) throws Exception {
    Tls server = shared.server().protocols(List.of(protocol)).build();
    Transport.Listener listener = fixture.listen(server, Recorder::echo);
    AtomicLong creations = new AtomicLong();
    Tls client =
        shared
            .client()
            .verify(engine -> creations.set(engine.getSession().getCreationTime()))
            .build();
    Recorder first = fixture.connect(client, listener.address());
    long created = creations.get();
    echoes(first, "first"); // Behind it the client has the ticket of TLS 1.3.
    first.channel.closeAfterWrites();
    Network.await(first.closed);
    while (System.currentTimeMillis() <= created) { // A new session would be a later one.
      Thread.onSpinWait();
    }

    Recorder second = fixture.connect(client, listener.address());

    assertEquals(created, creations.get());
    echoes(second, "second".repeat(100_000));
  }

  private static void echoes(Recorder client, String text) throws Exception {
    client.channel.write(Recorder.utf8(text));
    assertEquals(text, client.awaitText(text.length()));
  }

  @Test
  void applicationProtocol_isAgreedOn() throws Exception {
    Tls tls = shared.server().applicationProtocols(List.of("h2", "http/1.1")).build();
    Transport.Listener listener = fixture.listen(tls, Recorder::echo);

    Recorder client =
        fixture.connect(
            shared.client().applicationProtocols(List.of("spdy", "http/1.1")).build(),
            listener.address());

    assertEquals(Optional.of("http/1.1"), client.channel.tls().orElseThrow().applicationProtocol());
    assertEquals(
        Optional.of("http/1.1"),
        network.nextAccepted().channel.tls().orElseThrow().applicationProtocol());
    assertFalse(
        fixture
            .connect(shared.client().build(), listener.address())
            .channel
            .tls()
            .orElseThrow()
            .applicationProtocol()
            .isPresent());
  }

  @Test
  void applicationProtocol_isHttpIfOnlyTheClientCares() throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::echo);

    for (String offered : List.of("http/1.1", "h2")) {
      Tls tls = shared.client().applicationProtocols(List.of(offered)).build();
      Recorder client = fixture.connect(tls, listener.address());
      assertEquals(
          Optional.of(offered).filter("http/1.1"::equals),
          client.channel.tls().orElseThrow().applicationProtocol());
      echoes(client, "either way");
    }
  }

  @Test
  void handshakeTimeout_mayBeForEver() throws Exception {
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    Transport.Listener listener =
        fixture.listen(shared.server().handshakeTimeout(forEver).build(), Recorder::echo);
    Recorder client =
        fixture.connect(shared.client().handshakeTimeout(forEver).build(), listener.address());

    echoes(client, "in time");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void peer_thatSendsPartOfARecordAndEndsIsRefused(boolean downgrade) throws Exception {
    Transport.Listener listener =
        fixture.listen(shared.server().supportDowngrade(downgrade).build(), Recorder::new);
    try (Socket peer = Network.dial(listener.address())) {
      peer.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1});
      peer.shutdownOutput();
      assertContains("closes the connection during the handshake", fixture.refusal());
    }
  }

  @Test
  void greeting_mayComeByteByByte() throws Exception {
    Transport.Listener listener =
        fixture.listen(shared.server().supportDowngrade(true).build(), Recorder::echo);
    try (SlicingProxy proxy = new SlicingProxy(listener.address(), SlicingProxy.Kind.BYTES)) {
      Recorder client = fixture.connect(shared.client().build(), proxy.address());
      echoes(client, "slowly");
    }
  }
}
