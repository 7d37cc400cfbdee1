package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.support.Expect;
import io.libprocess.sync.Stress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LimitedExecutorTest {

  @Test
  void execute_runsInOrderOnAsManyThreadsAsItMay() {
    ArrayDeque<Runnable> threads = new ArrayDeque<>();
    List<Integer> ran = new ArrayList<>();
    LimitedExecutor limited = new LimitedExecutor(threads::add, 2);

    for (int i = 0; i < 5; i++) {
      int number = i;
      limited.execute(() -> ran.add(number));
    }

    assertEquals(2, threads.size());
    threads.remove().run();
    assertEquals(List.of(0, 1, 2, 3), ran);
    threads.remove().run();
    assertEquals(List.of(0, 1, 2, 3, 4), ran);
  }

  @Test
  void execute_fromManyThreadsRunsAll() throws Exception {
    try (BlockingExecutor threads = new BlockingExecutor("limited-", false, () -> {})) {
      int each = Stress.times(20_000);
      CountDownLatch left = new CountDownLatch(4 * each);
      AtomicInteger running = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      LimitedExecutor limited = new LimitedExecutor(threads, 2);
      Stress.inParallel(
          4,
          thread -> {
            for (int i = 0; i < each; i++) {
              limited.execute(
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

  @Test
  void noThread_isTriedAgain() throws Exception {
    try (BlockingExecutor threads = new BlockingExecutor("limited-", false, () -> {})) {
      AtomicInteger refusals = new AtomicInteger(3);
      LimitedExecutor limited =
          new LimitedExecutor(
              task -> {
                if (refusals.getAndDecrement() > 0) {
                  throw new OutOfMemoryError("unable to create native thread, for this test");
                }
                threads.execute(task);
              },
              1);
      CountDownLatch ran = new CountDownLatch(2);
      limited.execute(ran::countDown);
      limited.execute(ran::countDown);
      Expect.opened(ran);
    }
  }
}
