package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.MessageHead;
import io.libprocess.web.Firewall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links and messages of a node as a whole, and how they are shown. */
class RemoteTest {

  private static final Address OTHER = Address.loopback(1);
  private static final Address LINKER = Address.loopback(2);

  private final TestProcess a = new TestProcess("a");
  private final TestProcess b = new TestProcess("b");
  private final ProcessName x = new ProcessName("x", OTHER);
  private final ProcessName y = new ProcessName("y", OTHER);

  private final LonelyNode node =
      new LonelyNode() {
        @Override
        public Optional<LocalProcess> find(String id) {
          return id.equals("a") ? Optional.of(a) : Optional.empty();
        }
      };
  private final Remote remote =
      new Remote(
          node,
          new RemoteLimits(
              1 << 20, 1 << 20, 100, 1 << 20, 10, Duration.ofMinutes(1), Duration.ZERO),
          new Metrics(),
          () -> 1,
          false,
          new Firewall(Optional.empty()));

  @AfterEach
  void close() {
    remote.close();
    node.close();
  }

  private void send(ProcessName to) {
    remote.send(new MessageHead(a.name(), to, "ping"), new byte[10], null);
  }

  /** Has a process of another node link to that with the id "a". */
  private void announceFrom(Address linker) {
    assertEquals(202, announce(linker).status().code());
  }

  private Response announce(Address linker) {
    Request announcement =
        Request.post("/__link__/a", Body.of(""))
            .withHeader("Libprocess-From", "@" + linker)
            .withHeader("Libprocess-Link", "1.2");
    return remote.receiver().handle(announcement).orElseThrow().get();
  }

  private FakeChannel open(int dial) {
    FakeChannel channel = new FakeChannel();
    channel.handler = node.transport.connected.get(dial).apply(channel);
    return channel;
  }

  @Test
  void nodes_areShownWithTheirLinks() {
    assertEquals(List.of(), remote.look());
    remote.link(a, x, false);
    remote.link(a, y, false);
    remote.link(b, x, false);
    send(new ProcessName("z", Address.loopback(3)));
    announceFrom(OTHER);
    announceFrom(LINKER);
    FakeChannel channel = open(0);
    long queued = remote.look().get(1).queued();
    assertTrue(queued > 10, () -> queued + " bytes");
    assertEquals(
        List.of(
            new Remote.SeenNode(OTHER, "open", 3, 1, 0),
            new Remote.SeenNode(Address.loopback(3), "connecting", 0, 0, queued),
            new Remote.SeenNode(LINKER, "none", 0, 1, 0)),
        remote.look());
    assertSame(channel, remote.channel(OTHER));
    assertNull(remote.channel(LINKER));
  }

  @Test
  void links_areShownUpToANumber() {
    remote.link(a, x, false);
    remote.link(b, x, false);
    remote.link(b, y, false);
    assertTrue(remote.link(a, b));
    Map<Address, Integer> byNode = Map.of(OTHER, 3, node.address(), 1);
    for (int most = 0; most <= 5; most++) {
      Links.Seen seen = remote.links(most);
      assertEquals(Math.min(most, 4), seen.some().size());
      assertEquals(byNode, seen.byNode());
    }
    assertTrue(remote.links(4).some().contains(Map.entry(b.name(), y)));
    assertTrue(remote.links(4).some().contains(Map.entry(a.name(), b.name())));
  }

  @Test
  void message_isCounted() {
    send(x);
    assertEquals(1, remote.counts().all().get("libprocess/messages_sent"));
    assertTrue(open(0).takeSent().startsWith("POST /x/ping HTTP/1.1\r\n"));
  }

  @Test
  void closedNode_sendsNothing() {
    remote.close();
    send(x);
    assertEquals(0, node.transport.connections.size());
  }

  @Test
  void unlinkedProcess_isToldNothing() {
    remote.link(a, x, false);
    remote.link(b, x, false);
    remote.unlink(a, x);
    remote.unlink(a, y); // There is no such link.
    open(0).close();
    assertEquals(List.of(), a.told);
    assertEquals(List.of(x), b.told);
  }

  @Test
  void endOfAProcess_isToldToItsLinkersHereAndElsewhere() {
    assertTrue(remote.link(b, a));
    announceFrom(OTHER);
    announceFrom(LINKER);
    a.live = false;
    Remote.Ended ended = new Remote.Ended();
    remote.note(ended, a, LinkEnd.TERMINATED);
    node.clock().advance(Duration.ofSeconds(1));
    remote.note(ended, a, LinkEnd.TERMINATED); // As if there had been no memory at first.
    assertTrue(
        announce(OTHER)
            .headers()
            .first("Libprocess-Link-End")
            .orElse("")
            .startsWith("1000000000 "));
    assertEquals(List.of(b), ended.linkers());
    assertFalse(remote.link(b, a));
    assertEquals(0, remote.linkedNodes());
    assertEquals(0, node.transport.connections.size());
    remote.tell(ended);
    assertEquals(2, node.transport.connections.size());
    for (int dial = 0; dial < 2; dial++) {
      String sent = open(dial).takeSent();
      assertTrue(sent.startsWith("POST /__exited__/a HTTP/1.1\r\n"), sent);
      assertTrue(sent.contains("\r\nLibprocess-Link: 1.2\r\n"), sent);
      assertTrue(sent.contains("\r\nTERMINATED\r\n"), sent);
    }
    remote.tell(ended);
    assertEquals(2, node.transport.connections.size());
  }
}
