package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.remote.links.Links;
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
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One connection to another node, whose channel the test opens. */
class PeerTest {

  private static final Address OTHER = Address.loopback(10);
  private static final int QUEUED = 10_000;
  private static final int MESSAGES = 20;

  private final LonelyNode node = new LonelyNode();
  private final long start = node.clock().nanoTime() / 1_000_000;
  private final QueueBudget budget = new QueueBudget(1 << 20, MemoryBudget.unlimited());
  private Peer peer = peer(Duration.ZERO);
  private final FakeChannel channel = new FakeChannel();
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void close() {
    node.close();
  }

  private Peer peer(Duration heartbeat) {
    RemoteLimits limits =
        new RemoteLimits(1 << 20, QUEUED, MESSAGES, 1 << 20, 10, Duration.ofSeconds(60), heartbeat);
    return new Peer(node, OTHER, node.peers, limits, node.counts, budget);
  }

  private void open() {
    peer.connect();
    Function<Transport.Channel, Transport.Handler> connected = node.transport.connected.get(0);
    channel.handler = connected.apply(channel);
  }

  private static Outgoing message(String name, int size, Receipt receipt) {
    byte[] head = ("POST /" + name + " HTTP/1.1\r\n").getBytes(StandardCharsets.US_ASCII);
    Outgoing empty = Outgoing.of(head, new byte[1], receipt);
    return Outgoing.of(head, new byte[Math.max(1, size - (int) empty.size())], receipt);
  }

  /** A message of about this size; its exact size is in the result. */
  private static Outgoing message(int size) {
    Outgoing first = message("m", size, null);
    int more = size - (int) first.size();
    return Outgoing.of(first.head(), new byte[first.body().length + more], null);
  }

  private Receipt receipt(String name, boolean forMessage) {
    return new Receipt() {
      @Override
      public void answered(Answer answer) {
        told.add(name + " " + answer.status());
      }

      @Override
      public void lost(boolean written) {
        told.add(name + (written ? " lost" : " unsent"));
      }

      @Override
      public boolean isForMessage() {
        return forMessage;
      }
    };
  }

  private long dropped() {
    return node.counts.all().get("libprocess/messages_dropped");
  }

  private String sentTargets() {
    String sent = channel.takeSent();
    StringBuilder targets = new StringBuilder();
    for (String line : sent.split("\r\n")) {
      if (line.startsWith("POST /")) {
        targets.append(line, 6, line.indexOf(" HTTP")).append(' ');
      }
    }
    return targets.toString().strip();
  }

  @Test
  void state_isShownWithWhatWaits() {
    assertEquals(new Peer.Seen(OTHER, "waiting", 0), peer.look());
    Outgoing one = message("a", 100, null);
    assertTrue(peer.send(one));
    peer.connect();
    peer.connect();
    assertEquals(1, node.transport.connections.size());
    assertEquals(new Peer.Seen(OTHER, "connecting", one.size()), peer.look());
    channel.handler = node.transport.connected.get(0).apply(channel);
    assertEquals(new Peer.Seen(OTHER, "open", 0), peer.look());
    assertEquals("a", sentTargets());
    assertFalse(peer.isClosed());
    peer.close();
    assertEquals("ending", peer.look().state());
    assertTrue(peer.isClosed());
    assertFalse(peer.send(message("b", 100, null)));
  }

  @Test
  void link_isNoted() {
    assertFalse(peer.isLinked());
    peer.keep();
    assertTrue(peer.isLinked());
  }

  @Test
  void bytesThatWait_areLimitedAndTheRestIsDropped() {
    try (LogCapture log = new LogCapture()) {
      assertTrue(peer.send(message(QUEUED / 2)));
      assertTrue(peer.send(message(QUEUED / 2)));
      assertEquals(0, dropped());
      assertTrue(peer.send(message("full", 100, receipt("full", true))));
      assertEquals(1, log.warnings().size());
      assertTrue(peer.send(message("full", 100, receipt("full", true))));
      assertEquals(2, dropped());
      assertEquals(List.of("full unsent", "full unsent"), told);
      assertEquals(QUEUED, peer.look().queued());
      assertEquals(1, log.warnings().size(), () -> "" + log.warnings());
      assertTrue(
          log.warnings().get(0).contains("dropped: " + QUEUED + " bytes in 2 messages"),
          () -> "" + log.warnings());
    }
  }

  @Test
  void messagesThatAreDropped_areToldOnceEachTime() {
    try (LogCapture log = new LogCapture()) {
      open();
      channel.becomeSlow();
      for (int round = 1; round <= 3; round++) {
        peer.send(message(QUEUED));
        peer.send(message(100));
        peer.send(message(100));
        assertEquals(round, log.warnings().size());
        assertEquals(2 * round, dropped());
        channel.drain();
      }
    }
  }

  @Test
  void bytesThatTheChannelHas_waitAsWell() {
    open();
    channel.becomeSlow();
    peer.send(message(QUEUED / 2));
    peer.send(message(QUEUED / 2));
    assertEquals(0, peer.look().queued());
    assertEquals(0, dropped());
    peer.send(message(100));
    assertEquals(1, dropped());
  }

  @Test
  void messagesWhoseAnswersAreAwaited_waitAsWell() {
    open();
    for (int i = 0; i < MESSAGES; i++) {
      peer.send(message("m", 100, null));
      peer.send(message("m", 100, receipt("m", true)));
    }
    assertEquals(0, dropped());
    peer.send(message("m", 100, null));
    assertEquals(1, dropped());
    answer();
    answer();
    peer.send(message("m", 100, null));
    assertEquals(1, dropped());
  }

  @Test
  void memoryOfTheQueue_isReleasedWhenItIsSent() {
    peer.send(message(200_000));
    long reserved = budget.reserved();
    assertTrue(reserved > 100_000, () -> reserved + " bytes");
    open();
    channel.handler.drained();
    assertEquals(0, budget.reserved());
  }

  @Test
  void memoryOfTheQueue_isReleasedAtTheLatestWhenItIsLookedAt() {
    peer.send(message(200_000));
    open();
    assertTrue(budget.reserved() > 0);
    peer.tick(start + 1000);
    assertEquals(0, budget.reserved());
  }

  @Test
  void attemptThatIsDiscarded_losesItsMessages() {
    peer.send(message("a", 100, receipt("a", true)));
    peer.connect();
    node.transport.connections.get(0).discard();
    assertEquals("closed", peer.look().state());
    assertEquals(List.of("a unsent"), told);
  }

  @Test
  void messageThatWaitsAlone_mayBeLarger() {
    assertTrue(peer.send(message(2 * QUEUED)));
    assertEquals(0, dropped());
    assertTrue(peer.send(message(100)));
    assertEquals(1, dropped());
  }

  @Test
  void messagesThatWait_areLimitedInNumber() {
    for (int i = 0; i < MESSAGES; i++) {
      peer.send(message("m" + i, 100, null));
    }
    assertEquals(0, dropped());
    peer.send(message("m", 100, null));
    assertEquals(1, dropped());
    assertTrue(peer.send(message("notice", 100, receipt("notice", false))));
    assertEquals(1, dropped());
    open();
    assertTrue(sentTargets().endsWith("m" + (MESSAGES - 1) + " notice"));
  }

  @Test
  void end_comesAfterWhatWasAcceptedAlthoughItIsOnlyThenOpen() {
    peer.send(message("a", 100, null));
    peer.send(message("b", 100, null));
    peer.connect();
    peer.close();
    assertFalse(channel.closesAfterWrites());
    channel.handler = node.transport.connected.get(0).apply(channel);
    assertEquals("a b", sentTargets());
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void announcementsThatWereDue_comeFirstInTheirOrder() {
    peer.send(message("message", 100, null));
    List<Links.Link> links = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      links.add(new Links.Link(new ProcessName("p" + i, OTHER), new LinkTag(1, i), 0));
    }
    peer.announce(links, true);
    open();
    String[] targets = sentTargets().split(" ");
    assertEquals(4, targets.length);
    for (int i = 0; i < 3; i++) {
      assertTrue(targets[i].endsWith("/p" + i), targets[i]);
    }
    assertEquals("message", targets[3]);
  }

  @Test
  void whatWasNotSent_isGivenUpAndTakenOver() {
    peer.send(message("a", 100, null));
    peer.send(message("b", 100, null));
    List<Outgoing> unsent = peer.giveUp();
    assertEquals(2, unsent.size());
    assertTrue(peer.isClosed());
    assertEquals(0, peer.look().queued());
    Peer next = peer(Duration.ZERO);
    next.takeOver(unsent);
    next.connect();
    channel.handler = node.transport.connected.get(0).apply(channel);
    assertEquals("a b", sentTargets());
  }

  @Test
  void answers_areToldAndTheRestIsLost() {
    open();
    peer.send(message("a", 100, receipt("a", true)));
    peer.send(message("b", 100, receipt("b", true)));
    channel.receive("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    assertEquals(List.of("a 404"), told);
    try (LogCapture log = new LogCapture()) {
      peer.closed(Optional.of(new IOException("reset")));
      assertEquals(
          List.of("The connection to 127.0.0.1:10 closed, 1 message was not answered: reset"),
          log.warnings());
    }
    assertEquals(List.of("a 404", "b lost"), told);
    assertEquals(1, node.counts.all().get("libprocess/messages_no_process"));
    assertEquals(1, node.counts.all().get("libprocess/messages_unanswered"));
    assertEquals("closed", peer.look().state());
  }

  @Test
  void answersToOtherThanMessages_areNotCounted() {
    open();
    peer.send(message("notice", 100, receipt("notice", false)));
    peer.send(message("a", 100, receipt("a", true)));
    peer.send(message("b", 100, null));
    for (int i = 0; i < 3; i++) {
      channel.receive("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }
    assertEquals(List.of("notice 404", "a 404"), told);
    assertEquals(2, node.counts.all().get("libprocess/messages_no_process"));
  }

  @Test
  void connectionThatIsGivenUpWhileItWaits_losesItsMessages() {
    peer.send(message("a", 100, receipt("a", true)));
    peer.abandon();
    assertEquals("closed", peer.look().state());
    assertEquals(List.of("a unsent"), told);
    assertEquals(1, dropped());
  }

  @Test
  void closedConnection_holdsNothing() {
    peer.send(message(200_000));
    peer.closed(Optional.empty());
    assertEquals(new Peer.Seen(OTHER, "closed", 0), peer.look());
    assertEquals(0, budget.reserved());
  }

  @Test
  void connectionThatIsOpen_isNotGivenUpAsOneThatWaits() {
    open();
    peer.abandon();
    assertEquals("open", peer.look().state());
  }

  /* ------ Time ------ */

  private void answer() {
    channel.receive("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
  }

  @Test
  void connectionWithoutLinks_endsAfterFiveIdleSeconds() {
    open();
    peer.send(message("a", 100, null));
    peer.tick(start + 1000);
    peer.tick(start + 7000);
    assertFalse(peer.isClosed()); // An answer is due.
    answer();
    peer.tick(start + 8000);
    peer.tick(start + 12_999);
    assertFalse(peer.isClosed());
    peer.tick(start + 13_000);
    assertTrue(peer.isClosed());
    assertTrue(channel.closesAfterWrites());
    assertFalse(channel.isClosed());
  }

  @Test
  void connectionThatIsNotOpen_waits() {
    peer.connect();
    peer.tick(start + 10_000);
    assertEquals("connecting", peer.look().state());
  }

  @Test
  void peerThatDoesNotAnswer_isGivenUp() {
    open();
    peer.tick(start + 1000);
    peer.send(message("a", 100, receipt("a", true)));
    peer.tick(start + 60_999);
    assertFalse(peer.isClosed());
    try (LogCapture log = new LogCapture()) {
      peer.tick(start + 61_000);
      assertEquals(
          List.of(
              "The connection to 127.0.0.1:10 closed, 1 message was not answered:"
                  + " 127.0.0.1:10 has not answered and taken nothing for 60000 ms",
              "127.0.0.1:10 neither answers nor takes anything: given up"),
          log.warnings());
    }
    assertTrue(peer.isClosed());
    assertTrue(channel.isClosed());
    assertEquals(List.of("a lost"), told);
  }

  @Test
  void peerThatCannotBeReached_isGivenUp() {
    peer.connect();
    peer.send(message("a", 100, receipt("a", true)));
    peer.tick(start + 60_000);
    assertTrue(peer.isClosed());
    assertTrue(node.transport.connections.get(0).future().hasDiscard());
  }

  @Test
  void linkedConnection_livesByItsHeartbeats() {
    peer = peer(Duration.ofSeconds(20));
    peer.keep();
    open();
    peer.tick(start + 4999);
    assertEquals("", sentTargets());
    peer.tick(start + 5000);
    assertTrue(sentTargets().contains("heartbeat"));
    answer();
    peer.tick(start + 6000);
    peer.tick(start + 10_999);
    assertEquals("", sentTargets());
    peer.tick(start + 11_000);
    assertTrue(sentTargets().contains("heartbeat"));
    peer.tick(start + 20_999);
    assertFalse(peer.isClosed());
    peer.tick(start + 21_000);
    assertTrue(peer.isClosed());
    assertTrue(channel.isClosed());
  }

  @Test
  void heartbeat_isNotRepeatedBeforeItIsAnswered() {
    peer = peer(Duration.ofSeconds(20));
    peer.keep();
    open();
    peer.tick(start + 5000);
    assertTrue(sentTargets().contains("heartbeat"));
    peer.tick(start + 6000);
    peer.tick(start + 12_000);
    assertEquals("", sentTargets());
    assertFalse(peer.isClosed());
  }

  @Test
  void connectionWithoutLinks_hasNoHeartbeats() {
    peer = peer(Duration.ofSeconds(8));
    open();
    peer.tick(start + 4000);
    assertEquals("", sentTargets());
    assertFalse(peer.isClosed());
  }

  @Test
  void connectionThatWaitsForItsTurn_isGivenUp() {
    peer.send(message("a", 100, receipt("a", true)));
    peer.tick(start + 59_999);
    assertEquals("waiting", peer.look().state());
    peer.tick(start + 60_000);
    assertEquals("closed", peer.look().state());
    assertEquals(List.of("a unsent"), told);
  }

  @Test
  void linkedConnection_withoutHeartbeatsIsKept() {
    peer.keep();
    open();
    peer.tick(start + 1_000_000);
    assertEquals("", sentTargets());
    peer.send(message("a", 100, null));
    peer.tick(start + 9_000_000);
    assertFalse(peer.isClosed());
  }

  @Test
  void halfClosedConnection_isClosed() {
    open();
    try (LogCapture log = new LogCapture()) {
      channel.handler.ended();
      assertEquals(List.of(), log.warnings()); // Nothing is lost.
    }
    assertTrue(peer.isClosed());
    assertTrue(channel.isClosed());
  }

  @Test
  void connectionThatIsReplaced_isClosedAfterAWhile() {
    open();
    peer.giveUp();
    peer.retire();
    assertTrue(channel.endsOutput());
    node.clock().advance(Duration.ofMillis(4999));
    node.clock().settle();
    assertFalse(channel.isClosed());
    node.clock().advance(Duration.ofMillis(1));
    node.clock().settle();
    assertTrue(channel.isClosed());
  }
}
