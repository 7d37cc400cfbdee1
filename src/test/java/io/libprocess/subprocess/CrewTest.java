package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.BlockingExecutor;
import io.libprocess.support.Expect;
import io.libprocess.sync.Stress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CrewTest {

  @Test
  void execute_runsInOrderOnAsManyThreadsAsItMay() {
    ArrayDeque<Runnable> threads = new ArrayDeque<>();
    List<Integer> ran = new ArrayList<>();
    Crew crew = new Crew(threads::add, 2);

    for (int i = 0; i < 5; i++) {
      int number = i;
      crew.execute(() -> ran.add(number));
    }

    assertEquals(2, threads.size());
    threads.remove().run();
    assertEquals(List.of(0, 1, 2, 3), ran);
    threads.remove().run();
    assertEquals(List.of(0, 1, 2, 3, 4), ran);
  }

  @Test
  void execute_fromManyThreadsRunsAll() throws Exception {
    try (BlockingExecutor threads = new BlockingExecutor("crew-", false, () -> {})) {
      int each = Stress.times(20_000);
      CountDownLatch left = new CountDownLatch(4 * each);
      AtomicInteger running = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      Crew crew = new Crew(threads, 2);
      Stress.inParallel(
          4,
          thread -> {
            for (int i = 0; i < each; i++) {
              crew.execute(
                  () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    left.countDown();
                  });
            }
          });

      assertTrue(left.await(Expect.LIMIT.toSeconds(), TimeUnit.SECONDS));
      assertTrue(most.get() <= 2, most::toString);
    }
  }
}
