package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.libprocess.Config;
import io.libprocess.Delivery;
import io.libprocess.Exit;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.support.Expect;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages between nodes that share a secret, and from others. */
@Timeout(60)
class MessageSecretTest {

  private static final class Inbox extends Process<Inbox> {
    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<UPID> gone = new LinkedBlockingQueue<>();

    Inbox() {
      super("inbox");
    }

    @Override
    protected void initialize() {
      install("text", (from, body) -> messages.add(new String(body)));
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      gone.add(pid);
    }

    void watch(UPID other) {
      link(other);
    }
  }

  private static Node start(String secret) {
    Config.Builder config = Config.builder();
    return Node.start(secret.isEmpty() ? config.build() : config.messageSecret(secret).build());
  }

  private static Delivery send(Node from, UPID to, String text) {
    return Expect.ready(
        from.postConfirmed(new UPID("me", from.address()), to, "text", text.getBytes()));
  }

  @Test
  void messages_areOnlyAcceptedFromNodesWithTheSecret() throws Exception {
    Inbox inbox = new Inbox();
    try (Node node = start("one");
        Node friend = start("one");
        Node other = start("two");
        Node nobody = start("")) {
      UPID to = node.spawn(inbox);
      for (int i = 0; i < 5; i++) { // The later ones by their heads, which recur.
        assertEquals(Delivery.ACCEPTED, send(friend, to, "m" + i));
        Expect.next("m" + i, inbox.messages);
      }
      assertEquals(Delivery.ACCEPTED, send(friend, to, ""));
      Expect.next("", inbox.messages);
      assertNotEquals(Delivery.ACCEPTED, send(other, to, "other"));
      assertNotEquals(Delivery.ACCEPTED, send(nobody, to, "nobody"));
      try (RawClient client = new RawClient(node.address().port())) {
        client.send(
            "POST /inbox/text HTTP/1.1\r\nHost: a\r\nLibprocess-From: me@127.0.0.1:1\r\n"
                + "Content-Length: 0\r\n\r\n");
        assertEquals(403, client.reply().status());
      }
      assertEquals(Delivery.ACCEPTED, send(friend, to, "last"));
      Expect.next("last", inbox.messages);
    }
  }

  @Test
  void links_workBetweenNodesWithTheSecret() throws Exception {
    Inbox watcher = new Inbox();
    Inbox watched = new Inbox();
    try (Node one = start("s");
        Node two = start("s")) {
      UPID far = two.spawn(watched);
      one.spawn(watcher).dispatch(inbox -> inbox.watch(far));
      assertEquals(Delivery.ACCEPTED, send(one, far, "now"));
      Expect.next("now", watched.messages);
      two.terminate(far);
      Expect.next(far, watcher.gone);
    }
  }

  @Test
  void secret_thatIsEmpty_isRefused() {
    Config.Builder config = Config.builder();
    assertThrows(IllegalArgumentException.class, () -> config.messageSecret(""));
  }
}
