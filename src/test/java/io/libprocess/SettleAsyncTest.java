package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@link Clock#settle} waits for calls of {@code async}, as libprocess's does. */
class SettleAsyncTest {

  private static final class Counting extends Process<Counting> {
    private int count;
    private Future<Integer> begun = Future.abandoned();

    void begin(CountDownLatch release) {
      begun =
          Async.async(
                  () -> {
                    release.await();
                    return 1;
                  })
              .then(one -> self().call(process -> ++process.count));
    }
  }

  @Test
  void settle_waitsForCallsOfTheNode() {
    Clock clock = Clock.paused(Instant.EPOCH);
    try (Node node = Node.start(Config.builder().workers(1).clock(clock).build())) {
      PID<Counting> pid = node.spawn(new Counting());
      for (int i = 1; i <= 50; i++) {
        Future<Integer> counted =
            node.async(
                    () -> {
                      Thread.sleep(1);
                      return 1;
                    })
                .then(one -> pid.call(process -> ++process.count));
        clock.settle();
        assertTrue(counted.isReady(), counted::toString);
        assertEquals(i, counted.get());
      }
    }
  }

  @Test
  void settle_waitsForCallsBegunByProcesses() throws Exception {
    Clock clock = Clock.paused(Instant.EPOCH);
    try (Node node = Node.start(Config.builder().workers(1).clock(clock).build())) {
      Counting process = new Counting();
      PID<Counting> pid = node.spawn(process);
      CountDownLatch release = new CountDownLatch(1);
      pid.call(
              counting -> {
                counting.begin(release);
                return 0;
              })
          .get();
      AtomicInteger settled = new AtomicInteger();
      Thread settling =
          new Thread(
              () -> {
                clock.settle();
                settled.set(process.begun.isReady() ? 1 : -1);
              });
      settling.start();
      settling.join(100);
      assertEquals(0, settled.get(), "settled while a call runs");
      release.countDown();
      settling.join(Duration.ofSeconds(20).toMillis());
      assertEquals(1, settled.get());
    }
  }
}
