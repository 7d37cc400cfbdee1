package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Exit.Reason;
import io.libprocess.Plain.Gone;
import io.libprocess.config.MessageLimits;
import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Links over a network that forwards nothing and reports nothing. */
class HeartbeatTest {

  private static final Duration LIMIT = Duration.ofSeconds(12);
  private static final Duration STEP = Duration.ofSeconds(1); // The period of the checks.

  private final Clock clock = Clock.paused(Instant.EPOCH);

  private Node start(int advertisedPort) {
    Config.Builder builder = Config.builder().clock(clock);
    builder.messageLimits(MessageLimits.builder().heartbeat(LIMIT).build());
    if (advertisedPort > 0) {
      builder.advertisePort(advertisedPort);
    }
    return Node.start(builder.build());
  }

  @Test
  void halfOpenLink_isFoundWithinTheTime() throws Exception {
    try (FaultyProxy proxy = new FaultyProxy();
        Node node = start(0);
        Node other = start(proxy.address().port())) {
      proxy.target(other.listeningAddress().port());
      UPID there = new UPID(other.spawn(new Plain()).id(), proxy.address());
      Plain linker = new Plain();
      PID<Plain> linking = node.spawn(linker);
      linking.dispatch(p -> p.link(there));
      proxy.awaitConnection();
      for (int i = 0; i < 60; i++) { // Five times the limit, on a connection that works.
        clock.advance(STEP);
        clock.settle();
        roundTrip(node, there);
      }
      assertTrue(linker.gone.isEmpty());
      for (int i = 0; i < 8; i++) { // Without messages, so that there are heartbeats.
        clock.advance(STEP);
        clock.settle();
      }
      roundTrip(node, there);
      // Heartbeats are not counted as messages to a process that does not exist.
      long toNobody =
          Expect.ready(other.metrics().snapshot()).get("libprocess/messages_to_nobody").longValue();
      assertEquals(0, toNobody);
      proxy.partition();
      Transport.Channel channel = node.messages().remote().channel(there.address());
      long steps = 0;
      while (linker.gone.isEmpty() && steps < LIMIT.toSeconds()) {
        clock.advance(STEP);
        clock.settle();
        Expect.ready(linking.call(p -> p));
        awaitSent(channel, linker);
        steps++;
      }
      Expect.next(new Gone(there, Reason.DISCONNECTED), linker.gone);
      String cause = Expect.next(linker.exits).cause().orElseThrow().getMessage();
      assertTrue(cause.contains(there.address().toString()), cause);
      assertTrue(steps > LIMIT.toSeconds() / 2, "given up after " + steps + " steps");
      proxy.cut(); // Or the nodes would wait for the other end of the half-open connection.
    }
  }

  /** Waits until all has left, for a heartbeat counts from when it leaves. */
  private static void awaitSent(Transport.Channel channel, Plain linker)
      throws InterruptedException {
    CountDownLatch flushed = new CountDownLatch(1);
    channel.execute(flushed::countDown);
    while (linker.gone.isEmpty() && (flushed.getCount() > 0 || channel.queued() > 0)) {
      Thread.sleep(1);
    }
  }

  @Test
  void heartbeatsAndAnnouncements_areNotCountedAsMessages() throws Exception {
    try (Node node = start(0);
        ServerSocket peer = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      UPID there = new UPID("x", Address.loopback(peer.getLocalPort()));
      Plain linker = new Plain();
      node.spawn(linker).dispatch(p -> p.link(there));
      Set<String> asked = ConcurrentHashMap.newKeySet();
      Socket socket = peer.accept();
      Thread answering = new Thread(() -> refuseAll(socket, asked));
      answering.start();
      for (int i = 0; i < 600 && asked.size() < 2; i++) {
        clock.advance(STEP);
        clock.settle();
        Thread.sleep(10); // Real time for bytes to come and go.
      }
      assertEquals(Set.of("POST /__link__/x HTTP/1.1", "POST /__heartbeat__ HTTP/1.1"), asked);
      Future<Delivery> behind = node.postConfirmed(UPID.NONE, there, "m", new byte[0]);
      assertEquals(Delivery.NO_PROCESS, Expect.ready(behind)); // All answers have been read.
      Map<String, Long> counts = node.messageCounts();
      assertEquals(1, counts.get("libprocess/messages_sent"));
      assertEquals(1, counts.get("libprocess/messages_no_process"));
      socket.close();
      Expect.next(new Gone(there, Reason.DISCONNECTED), linker.gone);
      assertEquals(0, node.messageCounts().get("libprocess/messages_unanswered"));
      answering.join();
    }
  }

  /** Answers like a C++ node that has none of the processes. */
  private static void refuseAll(Socket socket, Set<String> asked) {
    try {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String first = in.readLine();
      while (first != null) {
        while (!in.readLine().isEmpty()) {}
        asked.add(first);
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        first = in.readLine();
      }
    } catch (IOException e) {
      // Closed by the test.
    }
  }

  /** Behind what the node has sent, so that all answers to that have come. */
  private static void roundTrip(Node node, UPID there) throws Exception {
    assertEquals(
        Delivery.ACCEPTED, Expect.ready(node.postConfirmed(UPID.NONE, there, "ping", new byte[0])));
  }
}
