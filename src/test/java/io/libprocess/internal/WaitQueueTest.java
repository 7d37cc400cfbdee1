package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineupTest {

  private static final class Guest extends WaitQueue.Entry {}

  private final WaitQueue<Guest> lineup = new WaitQueue<>();

  private Guest arrive() {
    Guest guest = new Guest();
    lineup.add(guest);
    return guest;
  }

  @Test
  void poll_firstComeFirstServed() {
    Guest a = arrive();
    Guest b = arrive();

    assertEquals(2, lineup.size());
    assertSame(a, lineup.peek());
    assertSame(a, lineup.poll());
    assertSame(b, lineup.poll());
    assertNull(lineup.poll());
    assertTrue(lineup.isEmpty());
  }

  @Test
  void remove_afterPollOrTwiceIsFalse() {
    Guest a = arrive();
    Guest b = arrive();
    lineup.poll();

    assertFalse(lineup.remove(a));
    assertTrue(lineup.remove(b));
    assertFalse(lineup.remove(b));
    assertEquals(0, lineup.size());
  }

  @Test
  void remove_anywhereKeepsTheOrderOfTheOthers() {
    Random random = new Random(7);
    List<Guest> expected = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      if (expected.isEmpty() || random.nextInt(3) > 0) {
        expected.add(arrive());
      } else {
        assertTrue(lineup.remove(expected.remove(random.nextInt(expected.size()))));
      }
    }
    for (Guest guest : expected) {
      assertSame(guest, lineup.poll());
    }
    assertTrue(lineup.isEmpty());
  }
}
