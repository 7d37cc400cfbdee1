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

class WaitQueueTest {

  private static final class Guest extends WaitQueue.Entry {}

  private final WaitQueue<Guest> queue = new WaitQueue<>();

  private Guest arrive() {
    Guest guest = new Guest();
    queue.add(guest);
    return guest;
  }

  @Test
  void poll_firstComeFirstServed() {
    Guest a = arrive();
    Guest b = arrive();

    assertEquals(2, queue.size());
    assertSame(a, queue.peek());
    assertSame(a, queue.poll());
    assertSame(b, queue.poll());
    assertNull(queue.poll());
    assertTrue(queue.isEmpty());
  }

  @Test
  void takeAll_leavesNothingInTheQueueAndTheOrderInTheEntries() {
    assertNull(queue.takeAll());
    Guest a = arrive();
    Guest b = arrive();
    Guest c = arrive();
    assertFalse(queue.isEmpty());

    assertSame(a, queue.takeAll());

    assertTrue(queue.isEmpty());
    assertEquals(0, queue.size());
    assertFalse(queue.remove(b)); // It would tear the others apart.
    assertSame(b, WaitQueue.next(a));
    assertSame(c, WaitQueue.next(b));
    assertNull(WaitQueue.next(c));
    assertSame(arrive(), queue.poll());
  }

  @Test
  void remove_afterPollOrTwiceIsFalse() {
    Guest a = arrive();
    Guest b = arrive();
    queue.poll();

    assertFalse(queue.remove(a));
    assertTrue(queue.remove(b));
    assertFalse(queue.remove(b));
    assertEquals(0, queue.size());
  }

  @Test
  void remove_anywhereKeepsTheOrderOfTheOthers() {
    Random random = new Random(7);
    List<Guest> expected = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      if (expected.isEmpty() || random.nextInt(3) > 0) {
        expected.add(arrive());
      } else {
        assertTrue(queue.remove(expected.remove(random.nextInt(expected.size()))));
      }
    }
    for (Guest guest : expected) {
      assertSame(guest, queue.poll());
    }
    assertTrue(queue.isEmpty());
  }
}
