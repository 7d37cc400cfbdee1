package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http1.FakeChannel;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import io.libprocess.support.LogCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connections of a node, which the test opens. */
class PeersTest {

  private static final int MOST = 10; // Connections without links: see LonelyNode.

  private final LonelyNode node = new LonelyNode();
  private final Peers peers = node.peers;
  private final List<String> lost = new ArrayList<>();

  @AfterEach
  void close() {
    node.close();
  }

  private Outgoing request(String name, boolean message) {
    byte[] head = ("POST /" + name + " HTTP/1.1\r\n").getBytes(StandardCharsets.US_ASCII);
    Receipt receipt =
        new Receipt() {
          @Override
          public void answered(Answer answer) {}

          @Override
          public void lost(boolean written) {
            lost.add(name);
          }

          @Override
          public boolean isForMessage() {
            return message;
          }
        };
    return Outgoing.of(head, new byte[1], receipt);
  }

  private void send(int port) {
    peers.send(Address.loopback(port), request("m" + port, true));
  }

  private int dials() {
    return node.transport.connections.size();
  }

  private FakeChannel open(int dial) {
    FakeChannel channel = new FakeChannel();
    channel.handler = node.transport.connected.get(dial).apply(channel);
    return channel;
  }

  private static List<String> targets(FakeChannel channel) {
    return channel
        .takeSent()
        .lines()
        .filter(line -> line.startsWith("POST /"))
        .map(line -> line.substring(6, line.indexOf(" HTTP")))
        .toList();
  }

  private List<String> states() {
    return peers.look().stream().map(Peer.Seen::state).toList();
  }

  private void fail(int dial) {
    node.transport.connections.get(dial).fail(new IOException("a test"));
  }

  @Test
  void messagesToOneNode_shareAConnection() {
    send(1);
    send(1);
    send(2);
    assertEquals(2, dials());
    FakeChannel channel = open(0);
    send(1);
    assertEquals(List.of("m1", "m1", "m1"), targets(channel));
    assertSame(channel, peers.channel(Address.loopback(1)));
    assertNull(peers.channel(Address.loopback(2)));
    assertNull(peers.channel(Address.loopback(3)));
    assertEquals(List.of("open", "connecting"), states());
    channel.close();
    send(1);
    assertEquals(3, dials());
  }

  @Test
  void connectionsWithoutLinks_takeTurns() {
    for (int port = 1; port <= MOST + 2; port++) {
      send(port);
    }
    assertEquals(MOST, dials());
    send(MOST + 1);
    assertEquals(MOST, dials());
    fail(0);
    assertEquals(MOST + 1, dials());
    assertEquals(List.of("m" + (MOST + 1), "m" + (MOST + 1)), targets(open(MOST)));
    fail(1);
    assertEquals(MOST + 2, dials());
    assertEquals(List.of("m" + (MOST + 2)), targets(open(MOST + 1)));
    fail(2);
    assertEquals(MOST + 2, dials());
    assertEquals(List.of("m1", "m2", "m3"), lost);
  }

  @Test
  void lossesAreTold_althoughThereIsNoMemoryForTheNextConnection() throws Exception {
    for (int port = 1; port <= MOST + 3; port++) {
      send(port);
    }
    node.transport.failures = 2;
    try (LogCapture log = new LogCapture()) {
      fail(0);
      log.await("A callback of a future threw");
    }
    assertEquals(MOST + 1, dials());
    assertEquals(Set.of("m1", "m" + (MOST + 1), "m" + (MOST + 2)), Set.copyOf(lost));
    assertEquals(3, lost.size());
  }

  @Test
  void crowd_isRefusedButNotWhatLinksDependOn() {
    int all = MOST + 4 * MOST;
    for (int port = 1; port <= all; port++) {
      send(port);
    }
    assertEquals(List.of(), lost);
    send(all + 1);
    assertEquals(List.of("m" + (all + 1)), lost);
    send(all); // It has its place among those that wait.
    assertEquals(1, lost.size());
    assertEquals(MOST, dials());
    peers.send(Address.loopback(all + 1), request("notice", false));
    assertEquals(1, lost.size());
    assertEquals(MOST + 1, dials());
    assertEquals(List.of("notice"), targets(open(MOST)));
  }

  @Test
  void link_givesItsPlaceToOneThatWaits() {
    for (int port = 1; port <= MOST + 1; port++) {
      send(port);
    }
    assertEquals(MOST, dials());
    peers.link(new TestProcess("a"), new ProcessName("x", Address.loopback(1)), false);
    assertEquals(MOST + 1, dials());
  }

  @Test
  void linkOfOneThatWaits_connectsItAtOnceAndTakesNoPlace() {
    for (int port = 1; port <= MOST + 2; port++) {
      send(port);
    }
    peers.link(new TestProcess("a"), new ProcessName("x", Address.loopback(MOST + 1)), false);
    assertEquals(MOST + 1, dials());
    assertEquals(List.of("m" + (MOST + 1)), targets(open(MOST)));
    fail(0);
    assertEquals(MOST + 2, dials());
    assertEquals(List.of("m" + (MOST + 2)), targets(open(MOST + 1)));
  }

  @Test
  void endOfALinkedConnection_makesNoRoom() {
    for (int port = 1; port <= MOST + 1; port++) {
      send(port);
    }
    peers.link(new TestProcess("a"), new ProcessName("x", Address.loopback(100)), false);
    assertEquals(MOST + 1, dials());
    fail(MOST);
    assertEquals(MOST + 1, dials());
    fail(0);
    assertEquals(MOST + 2, dials());
  }

  @Test
  void requestsAside_shareAConnectionOfTheirOwn() {
    send(1);
    peers.sendAside(Address.loopback(1), request("a", false));
    peers.sendAside(Address.loopback(1), request("b", false));
    assertEquals(2, dials());
    FakeChannel channel = open(1);
    assertEquals(List.of("a", "b"), targets(channel));
    peers.sendAside(Address.loopback(1), request("c", false));
    assertEquals(List.of("c"), targets(channel));
    channel.close();
    peers.sendAside(Address.loopback(1), request("d", false));
    assertEquals(3, dials());
    assertEquals(List.of("m1"), targets(open(0)));
    fail(2);
    assertEquals(List.of("open"), states());
  }

  @Test
  void requestAside_doesNotGoToAConnectionThatEnds() {
    peers.sendAside(Address.loopback(1), request("a", false));
    FakeChannel idle = open(0);
    answer(idle);
    passSeconds(8);
    assertTrue(idle.closesAfterWrites());
    peers.sendAside(Address.loopback(1), request("b", false));
    assertEquals(2, dials());
    idle.close();
    peers.sendAside(Address.loopback(1), request("c", false));
    assertEquals(2, dials());
    assertEquals(List.of("b", "c"), targets(open(1)));
  }

  @Test
  void reconnecting_replacesALinkedConnectionOnly() {
    ProcessName name = new ProcessName("x", Address.loopback(1));
    TestProcess linker = new TestProcess("a");
    send(1);
    peers.link(linker, name, true);
    assertEquals(1, dials());
    peers.link(linker, name, false);
    assertEquals(1, dials());
    peers.link(linker, name, true);
    assertEquals(2, dials());
    assertEquals(List.of("m1"), targets(open(1)));
    assertEquals(List.of("open"), states());
    FakeChannel replaced = open(0);
    assertTrue(replaced.closesAfterWrites());
    replaced.close();
    assertEquals(List.of(), linker.told);
  }

  @Test
  void reconnecting_announcesTheOtherLinksAsWell() {
    TestProcess linker = new TestProcess("a");
    peers.link(linker, new ProcessName("x", Address.loopback(1)), false);
    int timers = node.clock().timers();
    peers.link(linker, new ProcessName("y", Address.loopback(1)), false);
    assertEquals(timers, node.clock().timers()); // They are announced together.
    peers.link(linker, new ProcessName("elsewhere", Address.loopback(2)), false);
    peers.link(linker, new ProcessName("z", Address.loopback(1)), true);
    FakeChannel channel = open(2);
    assertEquals(List.of(), targets(channel));
    passMillis(500);
    assertEquals(Set.of("__link__/x", "__link__/y", "__link__/z"), Set.copyOf(targets(channel)));
  }

  @Test
  void nodeThatIsRecognized_isToldOfLinksAtOnce() {
    TestProcess linker = new TestProcess("a");
    peers.link(linker, new ProcessName("x", Address.loopback(1)), false);
    FakeChannel channel = open(0);
    assertEquals(List.of(), targets(channel));
    peers.recognize(Address.loopback(2));
    assertEquals(List.of(), targets(channel));
    peers.recognize(Address.loopback(1));
    assertEquals(List.of("__link__/x"), targets(channel));
    peers.link(linker, new ProcessName("y", Address.loopback(1)), false);
    assertEquals(List.of("__link__/y"), targets(channel));
  }

  @Test
  void nodeOfAnotherImplementation_isToldOfNoMoreLinks() {
    TestProcess linker = new TestProcess("a");
    peers.link(linker, new ProcessName("x", Address.loopback(1)), false);
    FakeChannel channel = open(0);
    passMillis(499);
    assertEquals(List.of(), targets(channel));
    passMillis(1);
    assertEquals(List.of("__link__/x"), targets(channel));
    peers.link(linker, new ProcessName("y", Address.loopback(1)), false);
    channel.receive("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    passMillis(500);
    peers.link(linker, new ProcessName("z", Address.loopback(1)), false);
    passMillis(500);
    assertEquals(List.of(), targets(channel));
    assertEquals(List.of(), linker.told);
  }

  /** Has the peer end its side of a connection whose closing takes a while. */
  private Transport.Handler endingSlowly(int dial) {
    FakeChannel channel = open(dial);
    Transport.Handler peer = channel.handler;
    channel.handler = null; // The channel will report nothing.
    peer.ended();
    return peer;
  }

  @Test
  void linkWhileAConnectionEnds_isOnANewOneAndThoseBeforeAreOver() {
    ProcessName name = new ProcessName("x", Address.loopback(1));
    TestProcess before = new TestProcess("before");
    TestProcess after = new TestProcess("after");
    peers.link(before, name, false);
    Transport.Handler ending = endingSlowly(0);
    assertEquals(List.of(), before.told);
    peers.link(after, name, false);
    assertEquals(2, dials());
    assertEquals(List.of(name), before.told);
    assertEquals(List.of("connecting"), states());
    ending.closed(Optional.empty());
    assertEquals(List.of(name), before.told);
    assertEquals(List.of(), after.told);
    fail(1);
    assertEquals(List.of(name), after.told);
  }

  @Test
  void messageWhileALinkedConnectionEnds_goesOnANewOneAndTheLinksAreOver() {
    ProcessName name = new ProcessName("x", Address.loopback(1));
    TestProcess linker = new TestProcess("a");
    peers.link(linker, name, false);
    Transport.Handler ending = endingSlowly(0);
    send(1);
    assertEquals(2, dials());
    assertEquals(List.of(name), linker.told);
    assertEquals(List.of("connecting"), states());
    ending.closed(Optional.empty());
    assertEquals(List.of(name), linker.told);
    assertEquals(List.of("m1"), targets(open(1)));
  }

  @Test
  void endOfALinkedConnection_isToldToItsLinkers() {
    ProcessName name = new ProcessName("x", Address.loopback(1));
    TestProcess linker = new TestProcess("a");
    peers.link(linker, name, false);
    FakeChannel channel = open(0);
    channel.close();
    assertEquals(List.of(name), linker.told);
    assertNull(peers.channel(name.address()));
    peers.link(linker, name, false);
    assertEquals(2, dials());
    assertEquals(1, linker.told.size());
  }

  @Test
  void closedNode_dialsNoMore() {
    peers.close();
    send(1);
    peers.sendAside(Address.loopback(1), request("a", false));
    peers.link(new TestProcess("a"), new ProcessName("x", Address.loopback(1)), false);
    assertEquals(0, dials());
    assertEquals(List.of("m1"), lost);
  }

  @Test
  void closing_endsConnectionsAfterWhatTheyHaveAndDropsThoseThatWait() {
    for (int port = 1; port <= MOST + 1; port++) {
      send(port);
    }
    FakeChannel channel = open(0);
    peers.close();
    assertEquals(List.of("m" + (MOST + 1)), lost);
    assertEquals(List.of("m1"), targets(channel));
    assertTrue(channel.closesAfterWrites());
    assertEquals(List.of("m2"), targets(open(1)));
    assertEquals(MOST, dials());
    assertEquals(0, node.clock().timers());
  }

  private static void answer(FakeChannel channel) {
    channel.receive("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
  }

  private void passMillis(int millis) {
    node.clock().advance(Duration.ofMillis(millis));
    node.clock().settle();
  }

  private void passSeconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      node.clock().advance(Duration.ofSeconds(1));
      node.clock().settle();
    }
  }

  @Test
  void connections_areLookedAtAsLongAsThereAreAny() {
    for (int round = 0; round < 2; round++) {
      send(1);
      FakeChannel channel = open(round);
      answer(channel);
      passSeconds(4);
      assertFalse(channel.closesAfterWrites());
      passSeconds(4);
      assertTrue(channel.closesAfterWrites());
      channel.close();
      assertEquals(List.of(), peers.look());
      passSeconds(2);
    }
  }

  @Test
  void oneTimer_isForAllConnections() {
    send(1);
    send(2);
    assertEquals(1, node.clock().timers());
    passSeconds(2);
    send(3);
    peers.look(0); // As a watchdog does.
    assertEquals(1, node.clock().timers());
    for (int dial = 0; dial < 3; dial++) {
      fail(dial);
    }
    passSeconds(1);
    peers.look(0);
    assertEquals(0, node.clock().timers());
  }
}
