package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The order in which processes run, and the effect on others of a process that does not return. */
class SchedulingTest {

  private static Node workers(int workers) {
    return Node.start(Config.builder().workers(workers).build());
  }

  @Test
  void longEvent_isReportedOnceWithItsStack() throws Exception {
    Config config = Config.builder().workers(2).stallThreshold(Duration.ofMillis(20)).build();
    try (LogCapture log = new LogCapture();
        Node node = Node.start(config)) {
      PID<Plain> pid = node.spawn(new Plain("staller"));
      CountDownLatch goOn = new CountDownLatch(1);
      Future<Plain> done = pid.call(p -> stall(p, goOn));
      String report = log.text(log.await("staller@"));
      assertTrue(report.contains("PT0.02S"), report);
      assertTrue(report.contains(SchedulingTest.class.getName() + ".stall("), report);
      // Several thresholds later, as the watchdog counts: another one's report comes in between.
      PID<Plain> second = node.spawn(new Plain("other"));
      CountDownLatch secondGoOn = new CountDownLatch(1);
      second.call(p -> stall(p, secondGoOn));
      log.await("other@");
      assertEquals(0, log.count(text -> text.contains("staller@")));
      goOn.countDown();
      secondGoOn.countDown();
      Expect.ready(done);
    }
  }

  private static Plain stall(Plain plain, CountDownLatch goOn) throws InterruptedException {
    goOn.await();
    return plain;
  }

  @Test
  void blockedWorkers_stopNeitherDispatchNorTimersNorMessages() throws Exception {
    try (Node node = workers(3);
        Node other = workers(2)) {
      CountDownLatch goOn = new CountDownLatch(1);
      CountDownLatch blocked = new CountDownLatch(2);
      for (int i = 0; i < 2; i++) {
        PID<Plain> blocker = node.spawn(new Plain());
        blocker.dispatch(
            p -> {
              blocked.countDown();
              goOn.await();
            });
      }
      Expect.opened(blocked);
      CountDownLatch messages = new CountDownLatch(1);
      CountDownLatch timers = new CountDownLatch(1);
      PID<Plain> pid =
          node.spawn(
              Plain.with(
                  p -> {
                    p.install("hit", (from, body) -> messages.countDown());
                    p.delay(Duration.ofMillis(1), self -> timers.countDown());
                  }));
      for (int i = 0; i < 1000; i++) {
        Expect.ready(pid.call(p -> p));
      }
      Expect.opened(timers);
      other.post(pid, "hit", new byte[0]);
      Expect.opened(messages);
      goOn.countDown();
    }
  }

  @Test
  void awaitInsideAProcess_doesNotHoldAWorker() throws Exception {
    try (Node node = workers(2)) {
      Promise<String> promise = new Promise<>();
      int waiters = 20; // Many more than workers.
      CountDownLatch waiting = new CountDownLatch(waiters);
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < waiters; i++) {
        PID<Plain> waiter = node.spawn(new Plain());
        all.add(
            waiter.call(
                p -> {
                  waiting.countDown();
                  return promise.future().get();
                }));
      }
      Expect.opened(waiting);
      PID<Plain> pid = node.spawn(new Plain());
      pid.dispatch(p -> promise.set("released"));
      for (Future<String> one : all) {
        assertEquals("released", Expect.ready(one));
      }
    }
  }

  @Test
  void awaitOfACallToAnother_worksOnOneWorker() throws Exception {
    try (Node node = workers(1)) {
      PID<Plain> first = node.spawn(new Plain());
      PID<Plain> second = node.spawn(new Plain());
      assertEquals("answer", Expect.ready(first.call(p -> second.call(q -> "answer").get())));
    }
  }

  @Test
  void floodedProcess_doesNotStarveAnother() throws Exception {
    try (Node node = workers(1)) {
      AtomicBoolean stop = new AtomicBoolean();
      PID<Plain> flooder = node.spawn(new Plain());
      flooder.dispatch(p -> flood(flooder, stop));
      PID<Plain> other = node.spawn(new Plain());
      for (int i = 0; i < 20; i++) {
        Expect.ready(other.call(p -> p));
      }
      stop.set(true);
    }
  }

  private static void flood(PID<Plain> pid, AtomicBoolean stop) {
    if (!stop.get()) {
      pid.dispatch(p -> flood(pid, stop));
    }
  }

  @Test
  void pairThatPlaysPingPong_doesNotStarveAnother() throws Exception {
    try (Node node = workers(1)) {
      AtomicBoolean stop = new AtomicBoolean();
      PID<Plain> ping = node.spawn(new Plain());
      PID<Plain> pong = node.spawn(new Plain());
      rally(ping, pong, stop);
      PID<Plain> other = node.spawn(new Plain());
      for (int i = 0; i < 20; i++) {
        Expect.ready(other.call(p -> p));
      }
      stop.set(true);
    }
  }

  private static void rally(PID<Plain> to, PID<Plain> next, AtomicBoolean stop) {
    if (!stop.get()) {
      to.dispatch(p -> rally(next, to, stop));
    }
  }

  @Test
  void eventsOfOneThread_keepTheirOrderAcrossProcesses() throws Exception {
    try (Node node = workers(4)) {
      List<Integer> seen = new ArrayList<>(); // Of the one process.
      PID<Plain> pid = node.spawn(new Plain());
      for (int i = 0; i < 10_000; i++) {
        int number = i;
        pid.dispatch(p -> seen.add(number));
      }
      List<Integer> all = Expect.ready(pid.call(p -> List.copyOf(seen)));
      for (int i = 0; i < 10_000; i++) {
        assertEquals(i, all.get(i));
      }
    }
  }

  @Test
  void delay_firesWhenThePausedClockIsAdvanced() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node node = Node.start(Config.builder().clock(clock).build())) {
      AtomicInteger fired = new AtomicInteger();
      node.spawn(Plain.with(p -> p.delay(Duration.ofSeconds(5), q -> fired.incrementAndGet())));
      clock.settle();
      clock.advance(Duration.ofSeconds(5).minusNanos(1));
      clock.settle();
      assertEquals(0, fired.get());
      clock.advance(Duration.ofNanos(1));
      clock.settle();
      assertEquals(1, fired.get());
    }
  }

  @Test
  void delayOfAnEndedProcess_doesNothing() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node node = Node.start(Config.builder().clock(clock).build())) {
      AtomicInteger fired = new AtomicInteger();
      PID<Plain> pid =
          node.spawn(Plain.with(p -> p.delay(Duration.ofSeconds(5), q -> fired.incrementAndGet())));
      clock.settle();
      node.terminate(pid);
      clock.settle();
      clock.advance(Duration.ofSeconds(5));
      clock.settle();
      assertEquals(0, fired.get());
    }
  }

  @Test
  void settle_coversInitializeDelaysSelfDispatchAndNestedProcesses() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node node = Node.start(Config.builder().clock(clock).build())) {
      AtomicInteger steps = new AtomicInteger();
      Plain settled =
          Plain.with(
              p -> {
                new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS); // Slow.
                steps.incrementAndGet();
                p.delay(
                    Duration.ZERO,
                    q -> {
                      steps.incrementAndGet();
                      q.self()
                          .dispatch(
                              r -> {
                                steps.incrementAndGet();
                                PID<Plain> child = node.spawn(new Plain());
                                node.terminate(child);
                                node.await(child);
                                steps.incrementAndGet();
                              });
                    });
              });
      node.spawn(settled);
      clock.settle();
      assertEquals(4, steps.get());
    }
  }

  @Test
  void processesLiveByTheNodesClock() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node node = Node.start(Config.builder().clock(clock).build())) {
      PID<Plain> pid = node.spawn(new Plain());
      assertEquals(clock, Expect.ready(pid.call(p -> Clock.current())));
      assertEquals(clock, Expect.ready(pid.call(Process::clock)));
      assertEquals(clock, Expect.ready(node.async(Clock::current)));
      assertEquals(clock, node.clock());
    }
  }
}
