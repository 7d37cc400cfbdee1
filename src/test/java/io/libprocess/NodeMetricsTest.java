package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.metrics.PullGauge;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeMetricsTest {

  private static final byte[] NONE = {};

  private static double read(Node node, String name) throws Exception {
    return Expect.ready(node.metrics().snapshot()).get(name);
  }

  @Test
  void pullGauge_asksAProcess() throws Exception {
    try (Node node = Node.start(Config.builder().build())) {
      PID<Plain> pid = node.spawn(new Plain());
      PullGauge gauge = PullGauge.async("gauge", () -> pid.call(p -> 42.0));
      node.metrics().add(gauge);
      assertEquals(42, read(node, "gauge"));

      // What it asks is dropped, so there is no value, and nobody waits for it.
      node.terminate(pid);
      assertTrue(node.await(pid, Duration.ofSeconds(20)));
      assertTrue(!Expect.ready(node.metrics().snapshot()).containsKey("gauge"));
    }
  }

  @Test
  void stalls_areCounted() throws Exception {
    Config config = Config.builder().stallThreshold(Duration.ofMillis(20)).build();
    try (LogCapture log = new LogCapture();
        Node node = Node.start(config)) {
      assertEquals(0, read(node, "libprocess/stalls"));
      CountDownLatch goOn = new CountDownLatch(1);
      node.spawn(new Plain("staller")).dispatch(p -> Expect.opened(goOn));
      log.await("staller@");
      Expect.until(() -> read(node, "libprocess/stalls") >= 1); // Counted after it is logged.
      goOn.countDown();
    }
  }

  @Test
  void dropsOfAllMailboxes_areCounted() throws Exception {
    try (Node node = Node.start(Config.builder().workers(2).build())) {
      CountDownLatch goOn = new CountDownLatch(1);
      for (int i = 0; i < 2; i++) {
        Limited process = new Limited();
        PID<Limited> pid = node.spawn(process);
        CountDownLatch serving = new CountDownLatch(1);
        pid.dispatch(
            p -> {
              serving.countDown();
              Expect.opened(goOn);
            });
        Expect.opened(serving);
        pid.dispatch(p -> {});
        pid.dispatch(p -> {});
        node.post(pid, "message", new byte[0]);
        assertEquals(2, process.mailboxDrops());
      }
      assertEquals(4, read(node, "libprocess/dropped_events"));
      goOn.countDown();
    }
  }

  @Test
  void messagesToNobody_areCountedAndSaidOnceForEachName() throws Exception {
    try (LogCapture log = new LogCapture();
        Node node = Node.start(Config.builder().build())) {
      UPID nobody = new UPID("nobody", node.address());
      for (int i = 0; i < 3; i++) {
        node.post(nobody, "lost", NONE);
        node.post(nobody, "strayed", NONE);
      }
      assertEquals(6, read(node, "libprocess/messages_to_nobody"));
      assertEquals(1, log.count(text -> text.startsWith("Message 'lost' for nobody@")));
      assertEquals(1, log.count(text -> text.startsWith("Message 'strayed' for nobody@")));
      assertEquals("io.libprocess.actor", log.records().get(0).getLoggerName());
    }
  }

  @Test
  void whatBecameOfMessages_isCounted() throws Exception {
    try (Node other = Node.start(Config.builder().requirePeerAddressIpMatch(true).build());
        Node node = Node.start(Config.builder().build());
        ServerSocket deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      UPID there = new UPID(other.spawn(new Plain()).id(), other.address());
      UPID liar = new UPID("liar", new Address(Address.parseIp("10.9.8.7"), 1));
      UPID nobody = new UPID("nobody", other.address());
      UPID unreachable = new UPID("x", Address.loopback(deaf.getLocalPort()));
      UPID closed = new UPID("x", Address.loopback(closedPort()));
      UPID self = new UPID("self", node.address());
      assertEquals(Delivery.ACCEPTED, Expect.ready(node.postConfirmed(self, there, "m", NONE)));
      assertEquals(Delivery.REFUSED, Expect.ready(node.postConfirmed(liar, there, "m", NONE)));
      assertEquals(Delivery.NO_PROCESS, Expect.ready(node.postConfirmed(self, nobody, "m", NONE)));
      Future<Delivery> unanswered = node.postConfirmed(self, unreachable, "m", NONE);
      try (Socket socket = deaf.accept()) {
        assertEquals('P', socket.getInputStream().read());
      }
      assertEquals(Delivery.UNANSWERED, Expect.ready(unanswered));
      assertEquals(Delivery.DROPPED, Expect.ready(node.postConfirmed(self, closed, "m", NONE)));

      Map<String, Double> metrics = Expect.ready(node.metrics().snapshot());
      assertEquals(5, metrics.get("libprocess/messages_sent"));
      assertEquals(1, metrics.get("libprocess/messages_dropped"));
      assertEquals(1, metrics.get("libprocess/messages_unanswered"));
      assertEquals(1, metrics.get("libprocess/messages_no_process"));
      assertEquals(1, metrics.get("libprocess/messages_refused"));
      node.messageCounts()
          .forEach((name, count) -> assertEquals(metrics.get(name), (double) count));
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return server.getLocalPort();
    }
  }

  private static final class Limited extends Process<Limited> {
    Limited() {
      mailboxLimit(1);
    }
  }
}
