package io.libprocess.remote.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import io.libprocess.remote.MessageReceiver;
import io.libprocess.remote.TestProcess;
import io.libprocess.remote.links.LinkEnd.Reason;
import io.libprocess.remote.wire.Answer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The record of processes that ended recently. */
class RecentEndsTest {

  private final RecentEnds ends = new RecentEnds();

  @Test
  void lastEndOfAName_isTold() {
    ends.add(
        new TestProcess("x"),
        new LinkEnd(Reason.FAILED, Optional.of(new IllegalStateException())),
        5);
    ends.add(new TestProcess("x"), LinkEnd.TERMINATED, 10);
    ends.add(new TestProcess("y"), LinkEnd.NO_PROCESS, 20);
    RecentEnds.Ended end = ends.last("x", 100).orElseThrow();
    assertEquals(90, end.ago());
    assertEquals(Reason.TERMINATED, LinkEnd.decode(end.encoded()).reason());
    assertEquals(Optional.empty(), ends.last("z", 100));
  }

  @Test
  void cause_isKeptAsABoundedText() {
    Optional<Throwable> cause = Optional.of(new IllegalStateException("y".repeat(100_000)));
    ends.add(new TestProcess("x"), new LinkEnd(Reason.FAILED, cause), 0);
    byte[] end = ends.last("x", 0).orElseThrow().encoded();
    assertEquals(1024, end.length);
    assertTrue(LinkEnd.decode(end).cause().orElseThrow().getMessage().contains("yyy"));
  }

  @Test
  void lastOnes_areKept() {
    for (int i = 0; i < 10_000; i++) {
      ends.add(new TestProcess("x" + i), LinkEnd.TERMINATED, i);
    }
    assertEquals(0, ends.last("x9999", 9999).orElseThrow().ago());
    assertEquals(499, ends.last("x9500", 9999).orElseThrow().ago());
    assertEquals(511, ends.last("x9488", 9999).orElseThrow().ago());
    assertEquals(Optional.empty(), ends.last("x9487", 9999));
  }

  @Test
  void notedEnd_isThatOfTheProcessItself() {
    TestProcess one = new TestProcess("x");
    ends.add(one, LinkEnd.TERMINATED, 0);
    assertTrue(ends.has(one));
    assertFalse(ends.has(new TestProcess("x")));
  }

  @Test
  void endBeforeTheLink_meansThatThereWasNone() {
    ProcessName there = new ProcessName("x", Address.loopback(1));
    Links.Link link = new Links.Link(there, new LinkTag(1, 2), 1000);
    assertEquals(Reason.TERMINATED, reason("500 TERMINATED", link, 1500));
    assertEquals(Reason.NO_PROCESS, reason("501 TERMINATED", link, 1500));
    assertEquals(Reason.FAILED, reason("0 FAILED%20x", link, 1500));
    assertEquals(Reason.NO_PROCESS, reason(null, link, 1500));
    assertEquals(Reason.NO_PROCESS, reason("TERMINATED", link, 1500));
    assertEquals(Reason.NO_PROCESS, reason("x TERMINATED", link, 1500));
    assertEquals(Reason.NO_PROCESS, reason("0 %zz", link, 1500));
  }

  private static Reason reason(String end, Links.Link link, long now) {
    return MessageReceiver.endIn(new Answer(404, true, end), link, now).reason();
  }
}
