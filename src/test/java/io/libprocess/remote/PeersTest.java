package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http1.FakeChannel;
import io.libprocess.net.Address;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.support.LogCapture;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Messages to other nodes, and the connections that they share and wait for. */
class PeersTest extends PeersWorld {

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
  void connectionsThatEnd_makeRoom() {
    for (int port = 1; port <= 2 * MOST; port++) {
      send(port);
      assertEquals(port, dials());
      fail(port - 1);
    }
    for (int port = 1; port <= MOST + 1; port++) {
      send(port);
    }
    assertEquals(3 * MOST, dials());
    for (int dial = 2 * MOST; dial <= 3 * MOST; dial++) {
      fail(dial);
    }
    for (int port = 1; port <= MOST + 1; port++) {
      send(port);
    }
    assertEquals(4 * MOST + 1, dials());
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
