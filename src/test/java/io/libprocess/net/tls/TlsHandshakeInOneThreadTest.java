package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.PendingTransport;
import io.libprocess.net.Tls;
import io.libprocess.net.TlsAccess;
import io.libprocess.net.TlsSession;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import io.libprocess.support.Counts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Handshakes of TLS, and everything that may happen to them. */
class TlsHandshakeInOneThreadTest extends SecuredWorld {

  @Test
  void clientThatSendsNothing_isRefusedAfterAWhile() throws Exception {
    inWorld(
        world -> {
          SecuredPair link = new SecuredPair(world, server().build(), client().build());
          List<SecuredEnd> silent = new ArrayList<>();
          link.near.runtime().transport().connect(link.address, channel -> add(silent, channel));
          world.runFor(LIMIT.minusSeconds(1));
          assertTrue(link.raw.get(0).isExpendable());
          assertEquals(List.of(), link.refused);
          assertEquals(List.of(), silent.get(0).events);
          world.runFor(Duration.ofSeconds(2));
          assertEquals(1, link.refused.size());
          assertContains("within PT10S", link.refused.get(0));
          assertEquals(List.of("ended"), silent.get(0).events);
          assertEquals(Map.of("tls_failures", 1L, "tls_handshakes", 0L), Counts.of(link.serving));
        });
  }

  private static SecuredEnd add(List<SecuredEnd> ends, Transport.Channel channel) {
    SecuredEnd end = new SecuredEnd(channel);
    ends.add(end);
    return end;
  }

  @Test
  void handshakeThatStops_endsAfterAWhileOnBothSides() throws Exception {
    inWorld(
        world -> {
          SecuredPair link = new SecuredPair(world, server().build(), client().build());
          link.wire = written -> link.writes == 1 ? List.of(written) : List.of();
          link.dial();
          world.runFor(LIMIT.minusSeconds(1));
          assertTrue(link.connecting.isPending() || link.connecting.isReady());
          assertTrue(link.raw.get(0).isExpendable());
          world.runFor(Duration.ofSeconds(2));
          assertEquals(1, link.refused.size());
          assertContains("it was not finished within PT10S", link.refused.get(0));
          assertContains("Failed to accept", link.refused.get(0));
          assertEquals(1L, Counts.of(link.serving).get("tls_failures"));
        });
  }

  @Test
  void serverThatDoesNotAnswer_isGivenUp() throws Exception {
    inWorld(
        world -> {
          SecuredPair link = new SecuredPair(world, server().build(), client().build());
          link.wire = written -> List.of();
          link.dial();
          world.runFor(LIMIT.minusSeconds(1));
          assertTrue(link.connecting.isPending());
          world.runFor(Duration.ofSeconds(2));
          assertContains("Failed to connect to " + link.address, link.whyNotConnected());
          assertContains("it was not finished within PT10S", link.whyNotConnected());
          assertEquals(1L, Counts.of(link.asking).get("tls_failures"));
          assertEquals(1, link.refused.size());
        });
  }

  @Test
  void finishedHandshake_isNotTimedOut() throws Exception {
    connected(
        link -> {
          link.world.runFor(LIMIT.multipliedBy(3));
          link.client.write("still there");
          link.world.settle();
          assertEquals("still there", link.server().text());
          assertEquals(List.of(), link.refused);
          link.server().expendable = true;
          assertTrue(link.raw.get(0).isExpendable());
          link.server().expendable = false;
          assertFalse(link.raw.get(0).isExpendable());
          return null;
        });
  }

  @Test
  void peerThatDoesNotSpeakTls_isRefused() throws Exception {
    inWorld(
        world -> {
          SecuredPair link = new SecuredPair(world, server().build(), client().build());
          List<SecuredEnd> plain = new ArrayList<>();
          link.near.runtime().transport().connect(link.address, channel -> add(plain, channel));
          world.settle();
          plain.get(0).write("GET / HTTP/1.1\r\n\r\n");
          world.settle();
          assertEquals(1, link.refused.size());
          assertContains("TLS handshake failed", link.refused.get(0));
          assertEquals("ended", plain.get(0).events.get(0));
          byte[] alert = plain.get(0).bytes.toByteArray();
          assertTrue(alert.length > 0 && alert[0] == 21, () -> Arrays.toString(alert));
        });
  }

  @Test
  void peerThatEndsDuringTheHandshake_isRefused() throws Exception {
    for (int size : new int[] {0, 1, 4, 50}) {
      inWorld(
          world -> {
            SecuredPair link = new SecuredPair(world, server().build(), client().build());
            int[] left = {size};
            link.wire =
                written -> {
                  int sent = Math.min(left[0], written.remaining());
                  left[0] -= sent;
                  return sent == 0 ? List.of() : List.of(written.slice(written.position(), sent));
                };
            link.dial();
            world.settle();
            link.clientRaw.close();
            world.settle();
            assertEquals(1, link.refused.size(), () -> size + ": " + link.refused);
            assertContains("the peer closes the connection during", link.refused.get(0));
            assertContains("was closed during it", link.whyNotConnected());
          });
    }
  }

  @Test
  void strangersCertificate_isRefusedByTheClientWhichSaysSo() throws Exception {
    inWorld(
        world -> {
          SecuredPair link =
              new SecuredPair(
                  world,
                  shared.server(shared.stranger).handshakeTimeout(LIMIT).build(),
                  client().protocols(List.of("TLSv1.2")).build());
          link.dial();
          world.settle();
          assertContains("certificate", link.whyNotConnected());
          assertEquals(1, link.refused.size());
          assertContains("certificate_unknown", link.refused.get(0));
          assertEquals(null, link.client);
          assertEquals(List.of(), link.accepted);
        });
  }

  @Test
  void attemptThatIsGivenUp_closesTheConnection() throws Exception {
    inWorld(
        world -> {
          SecuredPair link = new SecuredPair(world, server().build(), client().build());
          link.wire = written -> List.of();
          link.dial();
          world.settle();
          assertTrue(link.connecting.isPending());
          link.connecting.discard();
          world.settle();
          assertTrue(link.connecting.isDiscarded(), link.connecting::toString);
          assertEquals(1, link.refused.size());
        });
  }

  private static void connect(SecuredPair link, NetworkAddress address) {
    link.connecting =
        link.asking.connect(
            link.network(), address, Optional.empty(), channel -> new SecuredEnd(channel));
  }

  @Test
  void nobodyListens_isTold() throws Exception {
    inWorld(
        world -> {
          SecuredPair link = new SecuredPair(world, server().build(), client().build());
          connect(link, new Address(link.far.ip(), 1));
          world.settle();
          assertContains("refused", link.whyNotConnected());
        });
  }

  @Test
  void attemptThatIsGivenUpBeforeThereIsAConnection_givesThatUp() {
    PendingTransport transport = new PendingTransport();
    Future<Transport.Channel> connecting =
        TlsAccess.context(client().build())
            .connect(
                transport,
                Address.loopback(1),
                Optional.of("localhost"),
                channel -> new SecuredEnd(channel));
    assertFalse(transport.connections.get(0).future().hasDiscard());
    connecting.discard();
    assertTrue(transport.connections.get(0).future().hasDiscard());
    assertTrue(connecting.isPending());
    transport.connections.get(0).discard();
    assertTrue(connecting.isDiscarded(), connecting::toString);
  }

  @Test
  void serverWithoutAName_isRefusedBeforeThereIsAConnection() throws Exception {
    inWorld(
        world -> {
          SecuredPair link = new SecuredPair(world, server().build(), client().build());
          connect(link, new UnixAddress("/nowhere"));
          assertContains("Failed to connect to /nowhere: TLS: ", link.whyNotConnected());
          assertContains("has no name", link.whyNotConnected());
        });
  }

  @Test
  void session_isDescribedOnBothSides() throws Exception {
    inWorld(
        world -> {
          Tls.Builder server =
              server()
                  .applicationProtocols(List.of("spdy", "h2"))
                  .clientCertificate(Tls.ClientCertificate.WANTED);
          Tls.Builder client =
              shared.server(shared.client).applicationProtocols(List.of("h2", "http/1.1"));
          SecuredPair link = new SecuredPair(world, server.build(), client.build()).open();
          TlsSession near = link.client.channel.tls().orElseThrow();
          TlsSession far = link.server().channel.tls().orElseThrow();
          for (TlsSession session : List.of(near, far)) {
            assertEquals("TLSv1.3", session.protocol());
            assertEquals("TLS_AES_256_GCM_SHA384", session.cipherSuite());
            assertEquals(Optional.of("h2"), session.applicationProtocol());
            assertEquals(Optional.of("localhost"), session.serverName());
          }
          assertEquals("CN=localhost", subject(near));
          assertEquals("CN=client", subject(far));
        });
  }

  private static String subject(TlsSession session) {
    return session.peerCertificates().get(0).getSubjectX500Principal().toString();
  }

  @Test
  void session_mayLackMostOfIt() throws Exception {
    connected(
        link -> {
          TlsSession far = link.server().channel.tls().orElseThrow();
          assertEquals(Optional.empty(), far.applicationProtocol());
          assertEquals(List.of(), far.peerCertificates());
          return null;
        });
  }

  @Test
  void serversKey_mayBeForPssOnly() throws Exception {
    Certificates.Identity pss = shared.certificates.pssForLocalhost(shared.authority);
    inWorld(
        world -> {
          SecuredPair link =
              new SecuredPair(world, shared.server(pss).build(), client().build()).open();
          link.client.write("hello");
          world.settle();
          assertEquals("hello", link.server().text());
        });
  }
}
