package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.scheduler.WatchListAccess;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends are told although memory runs out for a while. */
@Timeout(60)
class WantOfMemoryTest extends PeersWorld {

  private static final Address OTHER = Address.loopback(10);

  @Test
  void noticeOfAnEnd_isSentWhenThereIsMemoryAgain() {
    node.transport.failures = 2;
    new EndNotice(node, peers, OTHER, "id", new LinkTag(1, 2), LinkEnd.TERMINATED).send();
    assertEquals(0, dials());

    peers.look(0); // As a watchdog does: there is still none.
    assertEquals(0, dials());
    peers.look(0);

    assertEquals(1, dials());
    peers.look(0); // Nothing is left to be sent.
    assertEquals(1, dials());
    node.clock().advance(Duration.ofSeconds(1));
    node.clock().settle();
    assertEquals(2, dials()); // It is not answered.
  }

  @Test
  void notices_areAllSentWhenThereIsMemoryAgain() {
    node.transport.failures = 3;
    for (int port = 1; port <= 3; port++) {
      Address other = Address.loopback(port);
      new EndNotice(node, peers, other, "id", new LinkTag(1, 2), LinkEnd.TERMINATED).send();
    }
    assertEquals(0, dials());
    WatchListAccess.look();
    assertEquals(3, dials());
  }

  /** A node that can set no timer while it has no time. */
  private static final class TimelessNode extends LonelyNode {
    private final Clock closed = Clock.paused(Instant.EPOCH);
    private boolean timeless;

    TimelessNode() {
      closed.close();
    }

    @Override
    public Clock clock() {
      return timeless ? closed : super.clock();
    }

    void passSecond() {
      super.clock().advance(Duration.ofSeconds(1));
      super.clock().settle();
    }

    int timers() {
      return super.clock().timers();
    }
  }

  @Test
  void connection_isMadeOnlyIfItCanBeLookedAt() {
    try (TimelessNode node = new TimelessNode()) {
      Outgoing message = Outgoing.of(new byte[0], new byte[0], null);
      node.timeless = true;
      assertThrows(IllegalStateException.class, () -> node.peers.send(OTHER, message));
      assertEquals(List.of(), node.peers.look());
      node.timeless = false;
      node.peers.send(OTHER, message);
      assertEquals(1, node.peers.look().size());
      assertEquals(1, node.timers());
    }
  }

  @Test
  void connection_isLookedAtAgainWhenATimerCanBeSet() throws Exception {
    try (TimelessNode node = new TimelessNode();
        LogCapture log = new LogCapture()) {
      node.peers.send(OTHER, Outgoing.of(new byte[0], new byte[0], null));
      node.timeless = true;
      node.passSecond();
      assertEquals(0, node.timers());
      log.await("A timer failed");
      node.timeless = false;
      node.peers.look(0); // As a watchdog does.
      node.peers.look(0);
      assertEquals(1, node.timers());
      for (int i = 0; i < 65; i++) {
        node.passSecond();
      }
      assertTrue(node.transport.connections.get(0).future().hasDiscard()); // Nobody answers.
    }
  }

  /** A channel that cannot be closed for lack of memory. */
  private static Transport.Channel unclosable() {
    return (Transport.Channel)
        Proxy.newProxyInstance(
            Transport.class.getClassLoader(),
            new Class<?>[] {Transport.Channel.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                throw new OutOfMemoryError("of a test");
              }
              return method.getReturnType() == long.class ? 0L : null;
            });
  }

  @Test
  void connections_areAllLookedAtAlthoughThereIsNoMemoryForOne() throws Exception {
    for (int port = 1; port <= 3; port++) {
      peers.send(Address.loopback(port), Outgoing.of(new byte[0], new byte[0], null));
    }
    FakeChannel first = new FakeChannel();
    FakeChannel last = new FakeChannel();
    first.handler = node.transport.connected.get(0).apply(first);
    node.transport.connected.get(1).apply(unclosable());
    last.handler = node.transport.connected.get(2).apply(last);
    try (LogCapture log = new LogCapture()) {
      for (int i = 0; i < 62; i++) {
        assertEquals(first.isClosed(), last.isClosed());
        node.clock().advance(Duration.ofSeconds(1));
        node.clock().settle();
      }
      log.await("could not be looked at");
    }
    assertTrue(last.isClosed()); // Nobody has answered there.
  }

  @Test
  void losses_areToldWhenThereIsMemoryAgain() {
    boolean[] poor = {false};
    List<String> told = new ArrayList<>();
    Receipt receipt =
        new Receipt() {
          @Override
          public void answered(Answer answer) {}

          @Override
          public void lost(boolean written) {
            told.add(written ? "written" : "unwritten");
          }

          @Override
          public boolean isForMessage() {
            if (poor[0]) {
              throw new OutOfMemoryError("of a test");
            }
            return true;
          }
        };
    peers.send(OTHER, Outgoing.of(new byte[0], new byte[0], receipt));
    FakeChannel channel = open(0);
    poor[0] = true;
    assertThrows(OutOfMemoryError.class, channel::close);
    assertEquals(List.of(), told);
    poor[0] = false;
    node.clock().advance(Duration.ofSeconds(1));
    node.clock().settle();
    assertEquals(List.of("written"), told);
    assertEquals(List.of(), peers.look());
  }

  @Test
  void answers_areToldToAllAlthoughThereIsNoMemoryForOne() {
    List<Integer> told = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      Receipt receipt =
          new Receipt() {
            @Override
            public void answered(Answer answer) {
              told.add(number);
              if (number == 1) {
                throw new OutOfMemoryError("of a test");
              }
            }

            @Override
            public void lost(boolean written) {
              told.add(-number);
            }
          };
      peers.send(OTHER, Outgoing.of(new byte[0], new byte[0], receipt));
    }
    FakeChannel channel = open(0);
    String answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    channel.receive(answer);
    assertThrows(OutOfMemoryError.class, () -> channel.receive(answer + answer));
    assertEquals(List.of(0, 1, 2), told);
    channel.close(); // As a transport does then.
    assertEquals(List.of(0, 1, 2, -3), told);
  }

  /** A process whose mailbox finds no memory the first times. */
  private static final class Poor implements LocalProcess {
    final List<ProcessName> told = new ArrayList<>();
    final CountDownLatch done = new CountDownLatch(1);
    int failures = 3;

    @Override
    public ProcessName name() {
      return new ProcessName("poor", Address.loopback(9));
    }

    @Override
    public boolean isNamed() {
      return true;
    }

    @Override
    public boolean isLive() {
      return true;
    }

    @Override
    public void linkEnded(ProcessName ended, LinkEnd end) {
      if (failures-- > 0) {
        throw new OutOfMemoryError("of a test");
      }
      told.add(ended);
      done.countDown();
    }
  }

  @Test
  void linker_isToldOnceAlthoughThereIsNoMemoryAtFirst() {
    Poor poor = new Poor();
    ProcessName linked = new ProcessName("linked", OTHER);
    peers.link(poor, linked, false);

    node.transport.connections.get(0).fail(new IOException("refused"));

    Expect.opened(poor.done);
    assertEquals(List.of(linked), poor.told);
  }
}
