package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http1.FakeChannel;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.ProcessName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Links to processes of other nodes, and the connections that they depend on. */
class PeersLinksTest extends PeersWorld {

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
  void connectionThatIsReplaced_endsSoon() {
    ProcessName name = new ProcessName("x", Address.loopback(1));
    TestProcess linker = new TestProcess("a");
    peers.link(linker, name, false);
    FakeChannel replaced = open(0);
    peers.link(linker, name, true);
    assertTrue(replaced.endsOutput());
    assertFalse(replaced.isClosed());
    passSeconds(5);
    assertTrue(replaced.isClosed());
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
    fail(1);
    assertEquals(LinkEnd.Reason.DISCONNECTED, linker.ends.get(0).reason());
    assertEquals(Optional.empty(), linker.ends.get(0).cause());
    assertEquals(LinkEnd.Reason.DISCONNECTED, linker.ends.get(1).reason());
    assertEquals("a test", linker.ends.get(1).cause().orElseThrow().getMessage());
  }

  @Test
  void linkToNobody_isTold() {
    TestProcess linker = new TestProcess("a");
    ProcessName x = new ProcessName("x", Address.loopback(1));
    ProcessName y = new ProcessName("y", Address.loopback(1));
    peers.link(linker, x, false);
    FakeChannel channel = open(0);
    passMillis(500);
    peers.link(linker, y, false);
    assertEquals(List.of("__link__/x"), targets(channel));
    channel.receive("HTTP/1.1 404 Not Found\r\nLibprocess-Link: 1.1\r\nContent-Length: 0\r\n\r\n");
    assertEquals(List.of(x), linker.told);
    assertEquals(List.of(LinkEnd.NO_PROCESS), linker.ends);
    assertEquals(List.of("__link__/y"), targets(channel)); // The node is recognized.
    channel.receive("HTTP/1.1 202 Accepted\r\nLibprocess-Link: 1.2\r\nContent-Length: 0\r\n\r\n");
    channel.close();
    assertEquals(List.of(x, y), linker.told);
  }
}
