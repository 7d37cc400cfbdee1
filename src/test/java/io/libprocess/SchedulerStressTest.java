package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import io.libprocess.sync.Stress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The run-next slot of a worker, against the watchdog that takes its task away when the worker is
 * stuck.
 */
class SchedulerStressTest {

  /** Wakes another process, which then waits in the slot, and does not return until it has run. */
  @Test
  void stuckWorkers_loseWhatWaitsForThem() throws Exception {
    int rounds = Stress.times(100);
    try (Node node = Node.start(Config.builder().workers(4).build())) {
      PID<Plain> first = node.spawn(new Plain());
      PID<Plain> second = node.spawn(new Plain());
      for (int i = 0; i < rounds; i++) {
        boolean ran =
            Expect.ready(
                first.call(
                    p -> {
                      CountDownLatch latch = new CountDownLatch(1);
                      second.dispatch(q -> latch.countDown());
                      return latch.await(Expect.SECONDS, TimeUnit.SECONDS);
                    }));
        assertTrue(ran);
      }
    }
    Stress.played(rounds);
  }

  @Test
  void handlersThatBlockNowAndThen_loseNoEvents() throws Exception {
    int rallies = Stress.times(1);
    int count = 20_000;
    try (Node node = Node.start(Config.builder().workers(3).build())) {
      PID<Plain> ping = node.spawn(new Plain());
      PID<Plain> pong = node.spawn(new Plain());
      LinkedBlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
      AtomicInteger received = new AtomicInteger();
      PID<Plain> sink =
          node.spawn(
              Plain.with(
                  p ->
                      p.install(
                          "hit",
                          (from, body) -> {
                            int hits = received.incrementAndGet();
                            if (hits % count == 0) {
                              ended.add(hits);
                            }
                          })));
      for (int i = 1; i <= rallies; i++) {
        rally(node, ping, pong, sink, count);
        Expect.next(i * count, ended);
      }
      assertEquals(rallies * count, received.get());
    }
    Stress.played((long) rallies * count);
  }

  private static void rally(Node node, PID<Plain> to, PID<Plain> next, UPID sink, int left) {
    if (left == 0) {
      return;
    }
    to.dispatch(
        p -> {
          p.send(sink, "hit");
          rally(node, next, to, sink, left - 1);
          if (left % 700 == 0) {
            new CountDownLatch(1)
                .await(6, TimeUnit.MILLISECONDS); // Stuck, as the watchdog sees it.
          }
        });
  }
}
