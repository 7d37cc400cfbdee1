package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.MemoryBudget;
import org.junit.jupiter.api.Test;

class HeldMemoryTest {

  private static final int STEP = 2048;

  private final MemoryBudget budget = new MemoryBudget(100_000);
  private final FakeChannel raw = new FakeChannel(budget);

  @Test
  void bytes_areCountedInStepsUnlessTheyAreFew() {
    HeldMemory memory = new HeldMemory(raw);
    int[][] counted = {
      {0, 0},
      {1, 0},
      {256, 0},
      {257, STEP},
      {STEP, STEP},
      {STEP + 1, 2 * STEP},
      {2 * STEP, 2 * STEP},
      {10 * STEP + 1, 11 * STEP},
      {257, STEP},
      {256, 0}
    };
    for (int[] one : counted) {
      assertTrue(memory.holds(one[0]));
      assertEquals(one[1], budget.used(), () -> one[0] + " bytes");
    }
  }

  @Test
  void fixedAmount_isCountedWithThem() {
    HeldMemory memory = new HeldMemory(raw, 10_000);
    assertEquals(0, budget.used());
    assertTrue(memory.holds(0));
    assertEquals(10_000, budget.used());
    assertTrue(memory.holds(300));
    assertEquals(10_000 + STEP, budget.used());
    memory.close();
    memory.close();
    assertEquals(0, budget.used());
  }

  @Test
  void more_isRefusedWhereNothingIsLeftButWhatIsHeldMayStay() {
    HeldMemory memory = new HeldMemory(raw);
    assertTrue(memory.holds(STEP));
    budget.take(100_000);
    assertTrue(memory.holds(STEP));
    assertFalse(memory.holds(STEP + 1));
    assertFalse(memory.holds(STEP + 1));
    assertTrue(memory.holds(STEP - 1));
    assertTrue(memory.holds(0));
    assertEquals(100_000, budget.used());
    assertFalse(memory.holds(STEP));
  }
}
