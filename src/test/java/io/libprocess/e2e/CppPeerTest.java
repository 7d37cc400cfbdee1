package io.libprocess.e2e;

import static io.libprocess.testing.Await.awaitReady;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Delivery;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.e2e.Transcript.Kind;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Messages to C++ nodes without a link. One C++ node loses many of those to another, because it
 * closes connections whose answers are on their way; this library must not lose any.
 */
@Timeout(120)
class CppPeerTest {

  private static final int MESSAGES = 20_000;

  private static final class Sender extends Process<Sender> {
    void sendAll(UPID to, int from, int end) {
      for (int i = from; i < end; i++) {
        send(to, "data", ("" + i).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void expect(CppPeer peer, int from, int end) throws InterruptedException {
    for (int i = from; i < end; i++) {
      assertEquals("" + i, peer.bodies.poll(60, TimeUnit.SECONDS));
    }
  }

  /** In one burst, and then one at a time, each when the one before has arrived. */
  private static void sendAll(CppPeer peer) throws Exception {
    try (Node node = Node.start(Config.builder().build())) {
      var sender = node.spawn(new Sender());
      int burst = MESSAGES * 9 / 10;
      sender.dispatch(s -> s.sendAll(peer.process(), 0, burst));
      expect(peer, 0, burst);
      for (int i = burst; i < MESSAGES; i++) {
        int next = i;
        sender.dispatch(s -> s.sendAll(peer.process(), next, next + 1));
        expect(peer, next, next + 1);
      }
      assertTrue(peer.bodies.isEmpty());
    }
  }

  @Test
  void messages_toAPeerThatAnswersAsCppDoesAllArrive() throws Exception {
    String accepted = Transcript.read("messages.txt", 1, 2).all("M1", Kind.REPLY);
    assertTrue(accepted.startsWith("HTTP/1.1 202 Accepted\r\n"), accepted);
    try (CppPeer peer = new CppPeer(accepted)) {
      sendAll(peer);
    }
  }

  @Test
  void messages_toAPeerThatNeverAnswersAllArrive() throws Exception {
    try (CppPeer peer = new CppPeer("")) {
      sendAll(peer);
      assertEquals(1, peer.connections.get());
    }
  }

  @Test
  void messages_toAPeerWithoutTheProcessAreReported() throws Exception {
    String missing = Transcript.read("messages.txt", 1, 2).all("M5", Kind.REPLY);
    assertTrue(missing.startsWith("HTTP/1.1 404 Not Found\r\n"), missing);
    try (CppPeer peer = new CppPeer(missing);
        Node node = Node.start(Config.builder().build())) {
      for (int i = 0; i < 100; i++) {
        node.post(peer.process(), "data", new byte[1]);
      }
      var last = node.postConfirmed(UPID.NONE, peer.process(), "data", new byte[0]);
      assertEquals(Delivery.NO_PROCESS, awaitReady(last));
      assertEquals(101, node.messageCounts().get("libprocess/messages_no_process"));
    }
  }
}
