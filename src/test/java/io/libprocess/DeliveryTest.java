package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.config.MessageLimits;
import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The outcomes of messages to other nodes, and how they are reported. */
class DeliveryTest {

  private static final byte[] NONE = {};

  private final List<Node> nodes = new ArrayList<>();
  private final Node other = start(MessageLimits.builder().size(1 << 20).build(), Clock.system());
  private final BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
  private final PID<Plain> receiver =
      other.spawn(new Plain("x", p -> p.install("m", (from, body) -> sizes.add(body.length))));

  @AfterEach
  void close() {
    nodes.forEach(Node::close);
  }

  private Node start(MessageLimits limits, Clock clock) {
    Node node = Node.start(Config.builder().messageLimits(limits).clock(clock).build());
    nodes.add(node);
    return node;
  }

  private static UPID remote(UPID pid) {
    return new UPID(pid.id(), pid.address());
  }

  private static Future<Delivery> post(Node node, UPID to, int size) {
    return node.postConfirmed(UPID.NONE, to, "m", new byte[size]);
  }

  private static ServerSocket listen() throws IOException {
    ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server.setSoTimeout((int) (1000 * Expect.SECONDS));
    return server;
  }

  private static UPID at(ServerSocket server) {
    return new UPID("x", Address.loopback(server.getLocalPort()));
  }

  @Test
  void fullMailbox_refusesAndSaysSo() throws Exception {
    final class Small extends Process<Small> {
      Small() {
        super("small");
        mailboxLimit(1);
      }
    }

    Node node = start(MessageLimits.defaults(), Clock.system());
    PID<Small> small = other.spawn(new Small());
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    small.dispatch(
        p -> {
          busy.countDown();
          goOn.await();
        });
    Expect.opened(busy);
    UPID to = new UPID("small", other.address());
    assertEquals(
        Delivery.ACCEPTED, Expect.ready(node.postConfirmed(UPID.NONE, to, "m", new byte[0])));
    assertEquals(
        Delivery.REFUSED, Expect.ready(node.postConfirmed(UPID.NONE, to, "m", new byte[0])));
    assertEquals(
        Delivery.REFUSED, Expect.ready(other.postConfirmed(UPID.NONE, small, "m", new byte[0])));
    goOn.countDown();
  }

  @Test
  void confirmedMessages_sayWhatBecameOfThem() throws Exception {
    Node node = start(MessageLimits.defaults(), Clock.system());
    assertEquals(Delivery.ACCEPTED, Expect.ready(post(node, remote(receiver), 10)));
    assertEquals(10, Expect.next(sizes));
    UPID nobody = new UPID("nobody", other.address());
    assertEquals(Delivery.NO_PROCESS, Expect.ready(post(node, nobody, 10)));
    assertEquals(Delivery.NO_PROCESS, Expect.ready(post(node, UPID.NONE, 10)));
    assertEquals(Delivery.NO_PROCESS, Expect.ready(post(other, nobody, 10)));
    assertEquals(Delivery.ACCEPTED, Expect.ready(post(other, receiver, 10)));
    node.post(nobody, "m", NONE);
    assertEquals(Delivery.NO_PROCESS, Expect.ready(post(node, nobody, 10))); // Behind the other.
    assertEquals(4, node.messageCounts().get("libprocess/messages_sent"));
    assertEquals(3, node.messageCounts().get("libprocess/messages_no_process"));
    assertEquals(0, node.messageCounts().get("libprocess/messages_dropped"));
  }

  /** A process with room for three events. */
  private static final class Small extends Process<Small> {
    Small() {
      super("small");
      mailboxLimit(3);
    }
  }

  @Test
  void fullMailboxOfAnotherNode_isARefusal() throws Exception {
    CountDownLatch serving = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    PID<Small> small = other.spawn(new Small());
    small.dispatch(
        p -> {
          serving.countDown();
          released.await();
        });
    serving.await();
    Node node = start(MessageLimits.defaults(), Clock.system());
    List<Delivery> deliveries = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      deliveries.add(Expect.ready(post(node, remote(small), 1)));
    }
    released.countDown();
    assertEquals(
        List.of(
            Delivery.ACCEPTED,
            Delivery.ACCEPTED,
            Delivery.ACCEPTED,
            Delivery.REFUSED,
            Delivery.REFUSED),
        deliveries);
    assertEquals(2, node.messageCounts().get("libprocess/messages_refused"));
  }

  @Test
  void connectionRefused_isADrop() throws Exception {
    Node node = start(MessageLimits.defaults(), Clock.system());
    UPID to;
    try (ServerSocket server = listen()) {
      to = at(server);
    }
    assertEquals(Delivery.DROPPED, Expect.ready(post(node, to, 10)));
    assertEquals(1, node.messageCounts().get("libprocess/messages_dropped"));
  }

  @Test
  void connectionThatBreaks_leavesMessagesUnanswered() throws Exception {
    Node node = start(MessageLimits.defaults(), Clock.system());
    try (ServerSocket server = listen()) {
      Future<Delivery> delivery = post(node, at(server), 10);
      Socket socket = server.accept();
      assertEquals('P', socket.getInputStream().read());
      socket.close();
      assertEquals(Delivery.UNANSWERED, Expect.ready(delivery));
      assertEquals(1, node.messageCounts().get("libprocess/messages_unanswered"));
    }
  }

  @Test
  void refusal_isCounted() throws Exception {
    Node strict = Node.start(Config.builder().requirePeerAddressIpMatch(true).build());
    nodes.add(strict);
    PID<Plain> pid = strict.spawn(new Plain());
    Node node = start(MessageLimits.defaults(), Clock.system());
    UPID liar = new UPID("liar", new Address(Address.parseIp("10.9.8.7"), 1));
    Future<Delivery> delivery = node.postConfirmed(liar, remote(pid), "m", NONE);
    assertEquals(Delivery.REFUSED, Expect.ready(delivery));
    assertEquals(1, node.messageCounts().get("libprocess/messages_refused"));
  }

  @Test
  void sizeLimit_isKeptByTheSender() throws Exception {
    Node node = start(MessageLimits.builder().size(100).build(), Clock.system());
    assertEquals(Delivery.ACCEPTED, Expect.ready(post(node, remote(receiver), 100)));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> node.post(receiver, "m", new byte[101]));
    assertEquals(
        "message 'm' has 101 bytes, more than 100 (LIBPROCESS_MESSAGE_SIZE)", refused.getMessage());
  }

  @Test
  void sizeLimit_isKeptByTheReceiver() throws Exception {
    Node node = start(MessageLimits.defaults(), Clock.system());
    int limit = 1 << 20;
    assertEquals(Delivery.ACCEPTED, Expect.ready(post(node, remote(receiver), limit)));
    assertEquals(limit, Expect.next(sizes));
    Plain linker = new Plain();
    Plain.link(node.spawn(linker), remote(receiver), RemoteConnection.REUSE);
    Future<Delivery> tooLarge = post(node, remote(receiver), limit + 1);
    Future<Delivery> muchTooLarge = post(node, remote(receiver), 20 * limit);
    Future<Delivery> behind = post(node, remote(receiver), 1);
    assertEquals(Delivery.REFUSED, Expect.ready(tooLarge));
    assertEquals(Delivery.REFUSED, Expect.ready(muchTooLarge));
    assertEquals(Delivery.ACCEPTED, Expect.ready(behind));
    assertEquals(1, Expect.next(sizes));
    assertTrue(sizes.isEmpty());
    assertTrue(linker.gone.isEmpty(), "the link is whole");
  }

  @Test
  void sizeLimit_isNamedInTheAnswer() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), other.address().port())) {
      socket.setSoTimeout((int) (1000 * Expect.SECONDS));
      socket
          .getOutputStream()
          .write(
              ("POST /x/m HTTP/1.1\r\nHost: h\r\nLibprocess-From: s@127.0.0.1:9\r\n"
                      + "Content-Length: 1048577\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
      assertTrue(answer.contains("more than 1048576 bytes"), answer);
    }
  }

  @Test
  void hundredMegabytes_arrive() throws Exception {
    Node node = start(MessageLimits.defaults(), Clock.system());
    Node large = start(MessageLimits.defaults(), Clock.system());
    int size = 100_000_000;
    PID<Plain> pid =
        large.spawn(
            Plain.with(
                p ->
                    p.install(
                        "m", (from, body) -> sizes.add(body.length + body[0] + body[size - 1]))));
    byte[] body = new byte[size];
    body[0] = 1;
    body[size - 1] = 2;
    Future<Delivery> delivery = node.postConfirmed(UPID.NONE, remote(pid), "m", body);
    assertEquals(Delivery.ACCEPTED, Expect.ready(delivery));
    assertEquals(size + 3, Expect.next(sizes));
  }

  @Test
  void peerThatDoesNotRead_getsNoMoreThanTheLimits() throws Exception {
    int limit = 1 << 20;
    Node node = start(MessageLimits.builder().queuedBytes(limit).build(), Clock.system());
    try (ServerSocket server = listen();
        LogCapture log = new LogCapture()) {
      List<Future<Delivery>> deliveries = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        deliveries.add(post(node, at(server), 100_000));
      }
      log.await("are dropped");
      long dropped = deliveries.stream().filter(Future::isReady).count();
      assertTrue(dropped > 300, dropped + " dropped"); // The system takes some megabytes.
      assertEquals(dropped, node.messageCounts().get("libprocess/messages_dropped"));
      server.accept().close();
      for (Future<Delivery> delivery : deliveries) {
        Expect.ready(delivery);
      }
    }
  }

  @Test
  void queueLength_isBoundedToo() throws Exception {
    Node node = start(MessageLimits.builder().queuedMessages(10).build(), Clock.system());
    try (ServerSocket server = listen()) {
      List<Future<Delivery>> deliveries = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        deliveries.add(post(node, at(server), 1)); // Nobody answers.
      }
      for (Future<Delivery> late : deliveries.subList(10, 30)) {
        assertEquals(Delivery.DROPPED, Expect.ready(late));
      }
      assertTrue(deliveries.subList(0, 10).stream().allMatch(Future::isPending));
      assertEquals(20, node.messageCounts().get("libprocess/messages_dropped"));
    }
  }

  @Test
  void messagesToManyAddresses_useNoMoreConnectionsThanTheLimit() throws Exception {
    int most = 3;
    Node node = start(MessageLimits.builder().connections(most).build(), Clock.system());
    List<ServerSocket> servers = new ArrayList<>();
    try {
      List<Future<Delivery>> deliveries = new ArrayList<>();
      for (int i = 0; i < 4 * most; i++) {
        servers.add(listen());
        deliveries.add(post(node, at(servers.get(i)), 10));
      }
      for (int i = 0; i < servers.size(); i += most) {
        List<Socket> sockets = new ArrayList<>();
        for (ServerSocket server : servers.subList(i, i + most)) {
          sockets.add(server.accept());
        }
        for (ServerSocket later : servers.subList(i + most, servers.size())) {
          later.setSoTimeout(20);
          assertThrows(SocketTimeoutException.class, later::accept);
          later.setSoTimeout((int) (1000 * Expect.SECONDS));
        }
        for (Socket socket : sockets) {
          assertEquals('P', socket.getInputStream().read());
          socket.close();
        }
      }
      for (Future<Delivery> delivery : deliveries) {
        assertEquals(Delivery.UNANSWERED, Expect.ready(delivery));
      }
    } finally {
      for (ServerSocket server : servers) {
        server.close();
      }
    }
  }

  @Test
  void link_doesNotWaitForItsTurnToConnect() throws Exception {
    Node node = start(MessageLimits.builder().connections(1).build(), Clock.system());
    try (ServerSocket first = listen();
        ServerSocket second = listen()) {
      post(node, at(first), 10);
      first.accept();
      Future<Delivery> delivery = post(node, at(second), 10);
      Plain.link(node.spawn(new Plain()), at(second), RemoteConnection.REUSE);
      try (Socket socket = second.accept()) {
        assertEquals('P', socket.getInputStream().read());
      }
      assertEquals(Delivery.UNANSWERED, Expect.ready(delivery));
    }
  }

  @Test
  void addressesThatCannotAllWait_areRefused() throws Exception {
    Node node = start(MessageLimits.builder().connections(2).build(), Clock.system());
    try (ServerSocket first = listen();
        ServerSocket second = listen()) {
      post(node, at(first), 10);
      post(node, at(second), 10);
      List<Future<Delivery>> deliveries = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        UPID to = new UPID("x", new Address(Address.parseIp("127.7.7." + i), 9));
        deliveries.add(post(node, to, 10));
      }
      assertTrue(deliveries.subList(0, 8).stream().allMatch(Future::isPending));
      for (Future<Delivery> late : deliveries.subList(8, 100)) {
        assertEquals(Delivery.DROPPED, Expect.ready(late));
      }
      node.close();
      for (Future<Delivery> waiting : deliveries.subList(0, 8)) {
        assertEquals(Delivery.DROPPED, Expect.ready(waiting));
      }
    }
  }

  @Test
  void bytesThatWaitForAllNodes_areBoundedTogether() throws Exception {
    int limit = 1 << 20;
    Node node =
        start(
            MessageLimits.builder().connections(1).totalQueuedBytes(limit).build(), Clock.system());
    try (ServerSocket server = listen()) {
      post(node, at(server), 10);
      List<Future<Delivery>> deliveries = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        UPID to = new UPID("x", new Address(Address.parseIp("127.7.7." + i % 4), 9));
        deliveries.add(post(node, to, 100_000));
      }
      long dropped = deliveries.stream().filter(Future::isReady).count();
      assertTrue(dropped > 80, dropped + " dropped");
      assertTrue(dropped < 95, dropped + " dropped");
    }
  }

  @Test
  void peerThatNeverAnswers_isGivenUpAfterTheAnswerTime() throws Exception {
    Clock clock = Clock.paused(Instant.EPOCH);
    Duration limit = Duration.ofSeconds(30);
    Node node = start(MessageLimits.builder().answerTime(limit).build(), clock);
    try (ServerSocket server = listen()) {
      Future<Delivery> delivery = post(node, at(server), 10);
      try (Socket socket = server.accept()) {
        assertEquals('P', socket.getInputStream().read());
        clock.advance(Duration.ofSeconds(2));
        clock.settle();
        clock.advance(Duration.ofSeconds(20));
        clock.settle();
        assertTrue(delivery.isPending());
        for (int i = 0; i < 20; i++) {
          clock.advance(Duration.ofSeconds(2));
          clock.settle();
        }
        assertEquals(Delivery.UNANSWERED, Expect.ready(delivery));
      }
    }
  }

  @Test
  void closedNode_dropsWhatItIsAsked() throws Exception {
    Node node = start(MessageLimits.defaults(), Clock.system());
    node.close();
    assertEquals(Delivery.DROPPED, Expect.ready(post(node, remote(receiver), 1)));
  }
}
