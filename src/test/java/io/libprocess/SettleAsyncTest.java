package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * {@link Clock#settle} waits for calls of {@code async}, as libprocess's does, and for processes
 * that have ended and whose end is still being told.
 */
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

  @Test
  void settle_waitsForTheEndOfAProcessWhoseIdIsTakenAgain() throws Exception {
    Clock clock = Clock.paused(Instant.EPOCH);
    try (Node node = Node.start(Config.builder().workers(2).clock(clock).build())) {
      PID<Plain> pid = node.spawn(new Plain("taken"));
      CountDownLatch taken = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      AtomicBoolean told = new AtomicBoolean();
      node.exit(pid)
          .onReady(
              exit -> { // The id is free before the end is told.
                node.spawn(new Plain("taken"));
                taken.countDown();
                Expect.opened(release);
                told.set(true);
              });
      node.terminate(pid);
      Expect.opened(taken);
      AtomicBoolean waited = new AtomicBoolean();
      Thread settling =
          new Thread(
              () -> {
                clock.settle();
                waited.set(told.get());
              });
      settling.start();
      settling.join(100);
      release.countDown();
      settling.join();
      assertTrue(waited.get(), "settled while the end was being told");
    }
  }
}
