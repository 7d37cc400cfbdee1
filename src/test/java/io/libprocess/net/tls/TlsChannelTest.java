package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.SlicingProxy;
import io.libprocess.net.Tls;
import io.libprocess.net.TlsAccess;
import io.libprocess.net.TlsSession;
import io.libprocess.net.Transport;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The data of a connection that speaks TLS. */
@Timeout(120)
class TlsChannelTest {

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

  /* ------ Bytes ------ */

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void echo_roundTrip(String protocol) throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::echo);
    Tls tls = shared.client().protocols(List.of(protocol)).build();
    Recorder client = fixture.connect(tls, listener.address());

    client.channel.write(Recorder.utf8("hello"));
    assertEquals("hello", client.awaitText(5));
    byte[] large = new byte[3_000_000];
    client.channel.write(ByteBuffer.wrap(large));
    client.awaitText(5 + large.length);

    Recorder server = network.nextAccepted();
    assertEquals(client.channel.local(), server.channel.remote());
    assertEquals(client.channel.remote(), server.channel.local());
    TlsSession session = server.channel.tls().orElseThrow();
    assertEquals(protocol, session.protocol());
    assertEquals(Optional.of("localhost"), session.serverName());
    assertEquals(List.of(), session.peerCertificates());
    assertEquals(1, client.channel.tls().orElseThrow().peerCertificates().size());
    client.channel.end();
    Network.await(server.ended);
    Network.await(client.ended);
    Network.await(client.closed);
    Network.await(server.closed);
    assertTrue(client.failure.isEmpty(), client.failure::toString);
    assertTrue(server.failure.isEmpty(), server.failure::toString);
    client.assertKeptContract();
    server.assertKeptContract();
  }

  @Test
  void end_ofOneSideLeavesTheOtherOpen() throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::new);
    Recorder client = fixture.connect(shared.client().build(), listener.address());
    Recorder server = network.nextAccepted();

    client.channel.write(Recorder.utf8("question"));
    client.channel.end();
    client.channel.write(Recorder.utf8("too late"));
    Network.await(server.ended);
    assertEquals("question", server.awaitText(8));
    server.channel.write(Recorder.utf8("answer"));
    server.channel.closeAfterWrites();

    assertEquals("answer", client.awaitText(6));
    Network.await(client.ended);
    Network.await(client.closed);
    Network.await(server.closed);
    assertTrue(client.failure.isEmpty(), client.failure::toString);
    assertEquals("question", server.awaitText(8));
  }

  @Test
  void close_withoutNotifyIsAFailure() throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::new);
    Recorder client = fixture.connect(shared.client().build(), listener.address());
    Recorder server = network.nextAccepted();
    client.channel.write(Recorder.utf8("cut"));
    server.awaitText(3);

    client.channel.close();

    Network.await(server.closed);
    assertContains("without close_notify", server.failure.orElseThrow().getMessage());
    assertEquals(1, server.ended.getCount());
    server.assertKeptContract();
  }

  @Test
  void record_thatWasTamperedWithIsAFailure() throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::new);
    try (SlicingProxy proxy = new SlicingProxy(listener.address(), SlicingProxy.Kind.WHOLE)) {
      Recorder client = fixture.connect(shared.client().build(), proxy.address());
      Recorder server = network.nextAccepted();
      proxy.corruptNextRecord();

      client.channel.write(Recorder.utf8("pay 100"));

      Network.await(server.closed);
      assertTrue(server.failure.isPresent());
      assertEquals("", server.awaitText(0));
      server.assertKeptContract();
    }
  }

  @Test
  void bytes_oneAtATime() throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::echo);
    try (SlicingProxy proxy = new SlicingProxy(listener.address(), SlicingProxy.Kind.BYTES)) {
      Recorder client = fixture.connect(shared.client().build(), proxy.address());

      client.channel.write(Recorder.utf8("slowly"));
      assertEquals("slowly", client.awaitText(6));
      client.channel.end();

      Network.await(client.ended);
      Network.await(client.closed);
      assertTrue(client.failure.isEmpty(), client.failure::toString);
    }
  }

  @Test
  void manyWrites_ofOneEventMakeOneRecord() throws Exception {
    int writes = 100;
    Transport.Listener listener =
        fixture.listen(
            shared.server().build(),
            channel ->
                new Recorder(channel) {
                  @Override
                  public void onReceived(ByteBuffer data) {
                    for (int i = 0; i < writes; i++) {
                      channel.write(Recorder.utf8("0123456789"));
                    }
                  }
                });
    try (SlicingProxy proxy = new SlicingProxy(listener.address(), SlicingProxy.Kind.WHOLE)) {
      Recorder client = fixture.connect(shared.client().build(), proxy.address());
      client.channel.write(Recorder.utf8("go"));
      client.awaitText(writes * 10);

      int record = proxy.lastRecord();
      assertTrue(record > writes * 10 && record < writes * 10 + 100, "record of " + record);
    }
  }

  /* ------ Back-pressure ------ */

  @Test
  void pause_holdsTheSenderBack() throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::new);
    Recorder client = fixture.connect(shared.client().build(), listener.address());
    Recorder server = network.nextAccepted();
    server.channel.pause();
    int piece = 1 << 20;
    int pieces = 64;

    for (int i = 0; i < pieces; i++) {
      client.channel.write(ByteBuffer.wrap(new byte[piece]));
    }

    assertTrue(client.channel.queued() > 32L * piece, () -> client.channel.queued() + " queued");
    server.channel.resume();
    server.awaitText(piece * pieces);
    assertTrue(client.drains.get() > 0);
    client.channel.end();
    Network.await(server.ended);
    server.assertKeptContract();
    client.assertKeptContract();
  }

  @Test
  void hundredMegabytes_needLittleMemory() throws Exception {
    long total = 100L << 20;
    int piece = 256 * 1024;
    AtomicLong received = new AtomicLong();
    AtomicLong most = new AtomicLong();
    Transport.Listener listener =
        fixture.listen(
            shared.server().build(),
            channel ->
                new Recorder(channel) {
                  @Override
                  public void onReceived(ByteBuffer data) {
                    received.addAndGet(data.remaining());
                    data.position(data.limit());
                  }
                });
    AtomicLong left = new AtomicLong(total);
    Recorder[] made = new Recorder[1];
    Future<Transport.Channel> connected =
        shared
            .client()
            .build()
            .connect(
                network.transport,
                listener.address(),
                channel ->
                    made[0] =
                        new Recorder(channel) {
                          @Override
                          public void onDrained() {
                            // At least one piece is above the mark, so that this is called again.
                            while (left.get() > 0 && channel.queued() <= 64 * 1024) {
                              channel.write(ByteBuffer.allocate(piece));
                              left.addAndGet(-piece);
                              most.accumulateAndGet(channel.queued(), Math::max);
                            }
                            if (left.get() == 0) {
                              channel.end();
                            }
                          }
                        });
    Network.await(connected);
    made[0].channel.execute(made[0]::drained);
    Recorder server = network.nextAccepted();
    Network.await(server.ended);

    assertEquals(total, received.get());
    assertTrue(most.get() < 1 << 20, () -> most + " bytes queued");
    made[0].assertKeptContract();
  }

  /* ------ Holding up the peer ------ */

  @Test
  void resume_duringPauseIsTheLaterOfTheTwo() throws Exception {
    TlsContext tls = TlsAccess.context(shared.client().build());
    AtomicBoolean rawPaused = new AtomicBoolean();
    TlsChannel[] channel = {null};
    Thread resumer = new Thread(() -> channel[0].resume());
    Transport.Channel raw =
        (Transport.Channel)
            Proxy.newProxyInstance(
                Transport.class.getClassLoader(),
                new Class<?>[] {Transport.Channel.class},
                (proxy, method, arguments) -> {
                  switch (method.getName()) {
                    case "pause" -> {
                      resumer.start();
                      while (resumer.isAlive() && resumer.getState() != Thread.State.BLOCKED) {
                        Thread.onSpinWait(); // Until it has done all that it can do now.
                      }
                      rawPaused.set(true);
                    }
                    case "resume" -> rawPaused.set(false);
                    case "memory" -> {
                      return MemoryBudget.unlimited();
                    }
                    default -> {}
                  }
                  return null;
                });
    channel[0] =
        new TlsChannel(
            raw,
            tls.engines().client(Address.loopback(1), Optional.of("localhost"), List.of()),
            tls,
            Optional.empty(),
            null);

    channel[0].pause();

    resumer.join();
    assertFalse(rawPaused.get(), "nobody will resume it");
  }
}
