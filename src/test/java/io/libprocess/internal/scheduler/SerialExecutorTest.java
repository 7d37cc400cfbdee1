package io.libprocess.internal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {

  /** Adds up other threads' counts, in plain fields. */
  private static final class Sum extends SerialExecutor {
    final AtomicInteger counted = new AtomicInteger();
    boolean inside;
    boolean overlapped;
    int rounds;
    int seen;

    @Override
    protected void work() {
      overlapped |= inside;
      inside = true;
      rounds++;
      seen = counted.get();
      inside = false;
    }
  }

  @Test
  void ask_worksOnTheCallersThread() {
    Sum sum = new Sum();
    sum.ask();
    sum.ask();

    assertEquals(2, sum.rounds);
  }

  @Test
  void ask_insideTheWorkMeansAnotherRound() {
    int[] depth = new int[1];
    int[] rounds = new int[1];
    SerialExecutor task =
        new SerialExecutor() {
          @Override
          protected void work() {
            assertEquals(1, ++depth[0]);
            if (++rounds[0] <= 3) {
              ask();
              ask();
            }
            depth[0]--;
          }
        };
    task.ask();

    assertEquals(4, rounds[0]);
  }

  @Test
  void tryEnter_onlyWhileNobodyWorks() {
    Sum sum = new Sum();
    assertTrue(sum.tryEnter());
    assertFalse(sum.tryEnter());
    sum.ask();
    assertEquals(0, sum.rounds);
    sum.begin();

    assertEquals(2, sum.rounds);
    assertTrue(sum.tryEnter());
  }

  @Test
  void ask_ofManyThreadsLosesNothing() throws InterruptedException {
    Sum sum = new Sum();
    int threads = 4;
    int each = 100_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      pool.execute(
          () -> {
            for (int n = 0; n < each; n++) {
              sum.counted.incrementAndGet();
              sum.ask();
            }
          });
    }
    pool.shutdown();
    assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS));

    assertFalse(sum.overlapped);
    assertEquals(threads * each, sum.seen);
  }
}
