package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.net.Address;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Notices of ends that are not answered, or that are lost with their connections. */
class EndNoticeTest {

  private static final Address OTHER = Address.loopback(10);

  private final LonelyNode node = new LonelyNode();
  private final EndNotice notice =
      new EndNotice(node, node.peers, OTHER, "id", new LinkTag(1, 2), LinkEnd.TERMINATED);
  private int failed;

  @AfterEach
  void close() {
    node.close();
  }

  private int connections() {
    return node.transport.connections.size();
  }

  private void passTime(long millis) {
    node.clock().advance(Duration.ofMillis(millis));
    node.clock().settle();
  }

  private void failAll() {
    while (failed < connections()) {
      node.transport.connections.get(failed++).fail(new IOException("a test"));
    }
  }

  @Test
  void notice_withoutAnAnswerIsSentOnAnotherConnectionOnce() {
    notice.send();
    assertEquals(1, connections());
    passTime(999);
    assertEquals(1, connections());
    passTime(1);
    assertEquals(2, connections());
    passTime(10_000);
    assertEquals(2, connections());
  }

  @Test
  void notice_thatIsAnsweredIsNotSentAgain() {
    notice.send();
    notice.answered(null);
    passTime(1000);
    assertEquals(1, connections());
    failAll();
    passTime(10_000);
    assertEquals(1, connections());
  }

  @Test
  void notice_thatIsLostIsSentAgainAlthoughThereIsNoMemoryForATimer() {
    boolean[] poor = {true};
    try (LonelyNode other =
        new LonelyNode() {
          @Override
          public Clock clock() {
            if (poor[0]) {
              throw new OutOfMemoryError("of a test");
            }
            return super.clock();
          }
        }) {
      new EndNotice(other, node.peers, OTHER, "id", new LinkTag(1, 2), LinkEnd.TERMINATED)
          .lost(true);
      assertEquals(0, connections());
      poor[0] = false;
      node.peers.look(0);
      assertEquals(1, connections());
    }
  }

  @Test
  void notice_thatIsLostIsSentFourTimesInAll() {
    notice.send();
    try (LogCapture log = new LogCapture()) {
      failAll();
      assertEquals(List.of(), log.warnings()); // No message is lost.
    }
    passTime(999);
    assertEquals(1, connections());
    passTime(1);
    assertEquals(3, connections()); // One of them is that of the first attempt, on its own.
    failAll();
    passTime(1000);
    assertEquals(4, connections());
    failAll();
    passTime(1000);
    assertEquals(5, connections());
    failAll();
    passTime(10_000);
    assertEquals(5, connections());
  }
}
