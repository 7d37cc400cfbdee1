package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.remote.LinkEnd.Reason;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How processes ended that ended a short time ago. */
class RecentEndsTest {

  private static final long SECOND = 1_000_000_000;

  private final RecentEnds ends = new RecentEnds();

  private Optional<Reason> reason(String id, long age, long now, boolean replaced) {
    return ends.endSince(id, age, now, replaced).map(end -> LinkEnd.decode(end).reason());
  }

  @Test
  void endAfterTheLink_isTold() {
    ends.add("x", LinkEnd.TERMINATED, 10 * SECOND);
    assertEquals(Optional.of(Reason.TERMINATED), reason("x", SECOND, 11 * SECOND, true));
    assertEquals(Optional.empty(), reason("y", SECOND, 11 * SECOND, true));
  }

  @Test
  void endBeforeTheLink_isNotTheEndOfIt() {
    ends.add("x", LinkEnd.TERMINATED, 10 * SECOND);
    assertEquals(Optional.empty(), reason("x", SECOND, 12 * SECOND, false));
    assertEquals(Optional.empty(), reason("x", SECOND - 1, 11 * SECOND, true));
    assertEquals(Optional.of(Reason.TERMINATED), reason("x", SECOND - 1, 11 * SECOND, false));
  }

  @Test
  void cause_isKeptAsABoundedText() {
    Optional<Throwable> cause = Optional.of(new IllegalStateException("y".repeat(100_000)));
    ends.add("x", new LinkEnd(Reason.FAILED, cause), 0);
    byte[] end = ends.endSince("x", 0, 0, false).orElseThrow();
    assertEquals(1024, end.length);
    assertTrue(LinkEnd.decode(end).cause().orElseThrow().getMessage().contains("yyy"));
  }

  @Test
  void lastOnes_areKept() {
    for (int i = 0; i < 10_000; i++) {
      ends.add("x" + i, LinkEnd.TERMINATED, i);
    }
    assertEquals(Optional.of(Reason.TERMINATED), reason("x9999", 0, 9999, false));
    assertEquals(Optional.of(Reason.TERMINATED), reason("x9500", SECOND, 9999, false));
    assertEquals(Optional.empty(), reason("x0", SECOND, 9999, false));
  }

  @Test
  void anyAge_isTaken() {
    ends.add("x", LinkEnd.TERMINATED, 10);
    assertEquals(Optional.of(Reason.TERMINATED), reason("x", Long.MAX_VALUE, 20, false));
    assertEquals(Optional.empty(), reason("x", Long.MIN_VALUE, 20, false));
  }
}
