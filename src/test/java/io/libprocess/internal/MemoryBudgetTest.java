package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

  private static final int SMALL_BODY = 4 << 10;

  private final MemoryBudget budget = new MemoryBudget(100);

  @Test
  void tryTake_grantsWhileAnythingIsLeft() {
    assertTrue(budget.tryTake(99));
    assertFalse(budget.isExhausted());
    assertTrue(budget.tryTake(50));
    assertTrue(budget.isExhausted());
    assertFalse(budget.tryTake(1));
    assertEquals(149, budget.used());
    assertEquals(1, budget.refused());

    budget.give(149);
    assertTrue(budget.tryTake(1));
  }

  @Test
  void tryTake_grantsNothingOnceTheLimitIsReachedExactly() {
    assertEquals(100, budget.limit());
    assertTrue(budget.tryTake(100));
    assertTrue(budget.isExhausted());
    assertFalse(budget.tryTake(1));
    assertTrue(budget.share().isExhausted());
    budget.give(1);
    assertFalse(budget.share().isExhausted());
    assertTrue(new MemoryBudget(1).tryTake(1)); // The least limit.
  }

  @Test
  void refusing_refusesNowAndThenAlthoughSomethingIsLeft() {
    boolean[] refuses = {true};
    MemoryBudget fickle = MemoryBudget.refusing(100, () -> refuses[0]);
    assertFalse(fickle.tryTake(1));
    refuses[0] = false;
    assertTrue(fickle.tryTake(1));
    assertEquals(1, fickle.refused());
    assertEquals(1, fickle.used());
  }

  @Test
  void share_growsOnlyAsFarAsSomethingIsLeft() {
    MemoryBudget.Share share = budget.share();
    assertTrue(share.tryResize(60));
    assertTrue(share.tryResize(110)); // Something was left.
    assertFalse(share.tryResize(111));
    assertEquals(110, share.held());
    assertTrue(share.tryResize(110));
    assertTrue(share.tryResize(10));
    assertEquals(10, budget.used());
    share.close();
    assertFalse(share.tryResize(1));
    assertEquals(0, budget.used());
  }

  @Test
  void share_holdsSmallBodiesWhateverIsLeft() {
    budget.take(100);
    MemoryBudget.Share share = budget.share();
    assertTrue(share.tryTakeForBody(10, SMALL_BODY));
    assertEquals(10, share.held());
    assertFalse(share.tryTakeForBody(10, SMALL_BODY + 1));
    budget.give(100);
    assertTrue(share.tryTakeForBody(10, SMALL_BODY + 1));
    assertEquals(20, share.held());
  }

  @Test
  void take_isNotRefused() {
    budget.take(1000);
    assertEquals(1000, budget.used());
  }

  @Test
  void limit_isPositive() {
    assertThrows(IllegalArgumentException.class, () -> new MemoryBudget(0));
    assertTrue(MemoryBudget.ofHeap().limit() <= Runtime.getRuntime().maxMemory());
  }

  @Test
  void share_givesBackWhatItHolds() {
    MemoryBudget.Share share = budget.share();
    assertTrue(share.tryTake(40));
    share.take(100);
    assertEquals(140, share.held());
    assertFalse(share.tryTake(1));
    share.resize(30);
    assertEquals(30, budget.used());

    share.close();
    share.close();

    assertEquals(0, budget.used());
    assertEquals(0, share.held());
  }

  @Test
  void share_takesNothingOnceItIsClosed() {
    MemoryBudget.Share share = budget.share();
    share.close();

    assertFalse(share.tryTake(1));
    share.take(1);
    share.resize(10);

    assertEquals(0, budget.used());
  }

  /** Whatever threads do to shares at once, nothing is left or missing when all are closed. */
  @Test
  void share_countsRightUnderContention() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      MemoryBudget.Share share = budget.share();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        SplittableRandom random = new SplittableRandom(31L * round + i);
        Thread thread =
            new Thread(
                () -> {
                  for (int step = 0; step < 50; step++) {
                    switch (random.nextInt(4)) {
                      case 0 -> share.tryTake(random.nextInt(9));
                      case 1 -> share.take(random.nextInt(9));
                      case 2 -> share.resize(random.nextInt(9));
                      default -> {
                        if (step > 40) {
                          share.close();
                        }
                      }
                    }
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      share.close();
      assertEquals(0, budget.used(), "round " + round);
    }
  }
}
