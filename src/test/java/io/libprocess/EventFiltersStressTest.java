package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import io.libprocess.sync.Stress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventFiltersStressTest {

  private final Node node = Node.start(Config.builder().workers(2).build());

  @AfterEach
  void end() {
    node.close();
  }

  @Test
  void call_isServedOrAbandonedWhileFiltersComeAndGo() throws Exception {
    int repetitions = Stress.times(1); // All of a long run at once would not fit in memory.
    for (int i = 0; i < repetitions; i++) {
      callWhileFiltersComeAndGo(3, 20_000);
    }
    Stress.played(60_000L * repetitions);
  }

  private void callWhileFiltersComeAndGo(int callers, int calls) throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    AtomicLong ready = new AtomicLong();
    AtomicLong abandoned = new AtomicLong();
    AtomicLong dropped = new AtomicLong();
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch told = new CountDownLatch(callers * calls);
    CountDownLatch calling = new CountDownLatch(callers);

    Stress.inParallel(
        callers + 1,
        thread -> {
          if (thread < callers) {
            for (int i = 0; i < calls; i++) {
              pid.call(plain -> 1)
                  .onReady(one -> ready.incrementAndGet())
                  .onAbandoned(abandoned::incrementAndGet)
                  .onReady(one -> told.countDown())
                  .onAbandoned(told::countDown);
            }
            calling.countDown();
            Expect.opened(calling);
            done.set(true);
            return;
          }
          EventFilter filter =
              event -> {
                dropped.incrementAndGet();
                return true;
              };
          while (!done.get()) {
            node.addFilter(filter);
            Thread.yield();
            assertTrue(node.removeFilter(filter));
          }
        });

    Expect.opened(told);
    assertEquals((long) callers * calls, ready.get() + abandoned.get());
    assertEquals(dropped.get(), abandoned.get());
    assertEquals(1, (int) Expect.ready(pid.call(plain -> 1)));
    node.terminate(pid);
  }

  @Test
  void filter_missesNoProcessThatIsSpawnedMeanwhile() throws Exception {
    int rounds = Stress.times(2_000);
    EventFilter filter = event -> true;
    for (int round = 0; round < rounds; round++) {
      Plain plain = new Plain();
      PID<Plain> pid = node.pid(plain);
      Stress.inParallel(
          2,
          thread -> {
            if (thread == 0) {
              node.spawn(plain);
            } else {
              node.addFilter(filter);
            }
          });
      Expect.abandoned(pid.call(p -> 1));
      node.removeFilter(filter);
      node.terminate(pid);
    }
    Stress.played(rounds);
  }
}
