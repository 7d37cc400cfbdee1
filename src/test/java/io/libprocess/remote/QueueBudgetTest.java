package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.MemoryBudget;
import org.junit.jupiter.api.Test;

/** The budget for the queues of all nodes. */
class QueueBudgetTest {

  private static final long STEP = 64 << 10;

  private final MemoryBudget memory = new MemoryBudget(1000 * STEP);
  private final QueueBudget budget = new QueueBudget(4 * STEP, memory);
  private final Reservation one = new Reservation(budget);
  private final Reservation other = new Reservation(budget);

  @Test
  void shortQueues_reserveNothing() {
    assertTrue(one.covers(STEP));
    assertTrue(other.covers(STEP));
    assertEquals(0, budget.reserved());
  }

  @Test
  void reservations_areBoundedTogether() {
    assertTrue(one.covers(4 * STEP)); // Of which one step is free.
    assertTrue(other.covers(2 * STEP));
    assertFalse(other.covers(2 * STEP + 1));
    assertFalse(one.covers(4 * STEP + 1));
    assertEquals(4 * STEP, budget.reserved());
    one.shrink(STEP + 1);
    assertEquals(2 * STEP, budget.reserved());
    assertTrue(other.covers(4 * STEP));
    one.shrink(0);
    other.shrink(0);
    assertEquals(0, budget.reserved());
  }

  @Test
  void whatIsNotNeeded_isReleasedInWholeSteps() {
    assertTrue(one.covers(4 * STEP));
    one.shrink(4 * STEP);
    assertEquals(3 * STEP, budget.reserved());
    one.shrink(3 * STEP);
    assertEquals(2 * STEP, budget.reserved());
    one.shrink(2 * STEP + 1);
    assertEquals(2 * STEP, budget.reserved());
    one.shrink(STEP + 1);
    assertEquals(STEP, budget.reserved());
    one.shrink(STEP);
    assertEquals(0, budget.reserved());
  }

  @Test
  void whatIsLargerThanAll_hasToBeAlone() {
    assertTrue(one.covers(100 * STEP));
    assertFalse(other.covers(2 * STEP));
    one.shrink(0);
    assertTrue(other.covers(2 * STEP));
    assertFalse(one.covers(100 * STEP));
    assertEquals(STEP, budget.reserved());
  }

  @Test
  void queues_areAPartOfTheMemory() {
    assertTrue(one.covers(4 * STEP));
    assertEquals(3 * STEP, memory.used());
    assertFalse(other.covers(4 * STEP));
    assertEquals(3 * STEP, memory.used());
    one.shrink(0);
    assertEquals(0, memory.used());

    memory.take(1000 * STEP);
    assertFalse(one.covers(2 * STEP));
    assertEquals(0, budget.reserved());
    assertTrue(one.covers(STEP)); // What is free.
  }
}
