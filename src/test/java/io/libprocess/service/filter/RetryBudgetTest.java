package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.service.Timeline;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private static final Duration TEN = Duration.ofSeconds(10);

  private final Timeline time = new Timeline();

  private static int withdrawAll(RetryBudget budget) {
    int count = 0;
    while (budget.tryWithdraw()) {
      count++;
    }
    return count;
  }

  @Test
  void standard_beginsWithTheReserve() {
    RetryBudget budget = RetryBudget.standard(time.clock());

    assertEquals(100, budget.balance());
    assertEquals(100, withdrawAll(budget));
    assertEquals(0, budget.balance());
  }

  @Test
  void standard_allowsAFifthOfTheRequests() {
    RetryBudget budget = RetryBudget.standard(time.clock());
    withdrawAll(budget);
    for (int i = 0; i < 14; i++) {
      budget.deposit();
    }

    assertEquals(2, withdrawAll(budget));
    budget.deposit();
    assertEquals(1, withdrawAll(budget));
  }

  @Test
  void tokens_expireWithTime() {
    RetryBudget budget = new RetryBudget(TEN, 0, 0.5, time.clock());
    budget.deposit();
    budget.deposit();
    time.advance(TEN);
    assertEquals(1, budget.balance());
    time.advance(Duration.ofSeconds(1));

    assertEquals(0, budget.balance());
    assertFalse(budget.tryWithdraw());
  }

  @Test
  void reserve_comesBackWithTime() {
    RetryBudget budget = new RetryBudget(TEN, 3, 0.2, time.clock());
    assertEquals(30, withdrawAll(budget));
    time.advance(TEN);
    assertEquals(0, withdrawAll(budget));
    time.advance(Duration.ofSeconds(1));

    assertEquals(30, withdrawAll(budget));
  }

  /** Whatever comes when, over a minute there are no more than the rates and the reserve allow. */
  @Test
  void withdrawals_areBoundedForAnyLoad() {
    Random random = new Random(1);
    for (int round = 0; round < 20; round++) {
      RetryBudget budget = RetryBudget.standard(time.clock());
      int requests = 0;
      int retries = 0;
      Duration end = time.elapsed().plusSeconds(60);
      while (time.elapsed().compareTo(end) < 0) {
        for (int burst = random.nextInt(50); burst > 0; burst--) {
          requests++;
          budget.deposit();
        }
        retries += random.nextInt(3) == 0 ? withdrawAll(budget) : 0;
        time.advanceMillis(random.nextInt(2_000));
      }
      retries += withdrawAll(budget);
      assertTrue(
          retries <= 0.2 * requests + 10 * 60 + 100, retries + " for " + requests + " requests");
    }
  }

  @Test
  void none_allowsNothing() {
    RetryBudget budget = RetryBudget.none(time.clock());
    budget.deposit();

    assertFalse(budget.tryWithdraw());
    assertEquals(0, budget.balance());
  }

  @Test
  void withoutShare_onlyTheRateCounts() {
    RetryBudget budget = new RetryBudget(TEN, 2, 0, time.clock());
    for (int i = 0; i < 1000; i++) {
      budget.deposit();
    }

    assertEquals(20, withdrawAll(budget));
  }

  @Test
  void values_areChecked() {
    for (Duration ttl : new Duration[] {Duration.ofMillis(999), Duration.ofSeconds(61)}) {
      assertThrows(
          IllegalArgumentException.class, () -> new RetryBudget(ttl, 1, 0.2, time.clock()));
    }
    assertThrows(IllegalArgumentException.class, () -> new RetryBudget(TEN, -1, 0.2, time.clock()));
    for (double share : new double[] {-0.1, Double.NaN, 2000}) {
      assertThrows(
          IllegalArgumentException.class, () -> new RetryBudget(TEN, 1, share, time.clock()));
    }
  }

  @Test
  void extremes_doNotOverflow() {
    Duration minute = Duration.ofSeconds(60);
    RetryBudget large = new RetryBudget(minute, Integer.MAX_VALUE, 1e-9, time.clock());
    assertEquals(60L * Integer.MAX_VALUE, large.balance());
    assertTrue(large.tryWithdraw());
    RetryBudget small = new RetryBudget(minute, 10, 1e-300, time.clock());
    assertEquals(600, withdrawAll(small));
    RetryBudget none = new RetryBudget(minute, 0, Double.MIN_VALUE, time.clock());
    none.deposit();
    assertEquals(0, withdrawAll(none));
  }
}
