package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.config.AsyncThreads;
import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.sync.Stress;
import io.libprocess.time.Clock;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NodeCloseTest {

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .filter(thread -> thread.getName().startsWith("libprocess-"))
        .filter(thread -> !thread.getName().startsWith("libprocess-clock"))
        .collect(Collectors.toSet());
  }

  private static void noneButIsLeft(Set<Thread> before) throws InterruptedException {
    Set<Thread> left = threads();
    left.removeAll(before);
    for (Thread thread : left) {
      thread.join(1000 * Expect.SECONDS); // An idle spare may just be going.
      assertTrue(!thread.isAlive(), () -> "left: " + thread);
    }
  }

  @Test
  void close_endsAllThreads() throws Exception {
    Set<Thread> before = threads();
    Config config = Config.builder().asyncThreads(AsyncThreads.PLATFORM).ioThreads(2).build();
    Node node = Node.start(config);
    Node other = Node.start(config);
    PID<Plain> pid = node.spawn(new Plain());
    other.post(pid, "hello", new byte[0]);
    Expect.ready(pid.call(p -> p));
    Expect.ready(node.async(() -> 1));
    assertTrue(!threads().equals(before));
    node.close();
    other.close();
    noneButIsLeft(before);
  }

  @Test
  void close_letsProcessesServeWhatTheyWereSent() {
    Node node = Node.start(Config.builder().build());
    List<Future<Integer>> calls = new ArrayList<>();
    List<Plain> plains = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Plain plain = new Plain();
      plains.add(plain);
      PID<Plain> pid = node.spawn(plain);
      int number = i;
      for (int j = 0; j < 100; j++) {
        calls.add(pid.call(p -> number));
      }
    }
    node.close();
    assertTrue(calls.stream().allMatch(Future::isReady));
    assertTrue(plains.stream().allMatch(plain -> plain.lifeCycle.contains("finish")));
  }

  @Test
  void timerAfterReinitialize_firesAlthoughOneOfTheClosedNodeIsPending() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      Config config = Config.builder().clock(clock).build();
      AtomicInteger first = new AtomicInteger();
      try (Node node = Node.start(config)) {
        node.spawn(
            Plain.with(p -> p.delay(Duration.ofSeconds(1), self -> first.incrementAndGet())));
        clock.settle();
      }
      AtomicInteger second = new AtomicInteger();
      try (Node node = Node.start(config)) {
        node.spawn(
            Plain.with(p -> p.delay(Duration.ofSeconds(1), self -> second.incrementAndGet())));
        clock.settle();
        clock.advance(Duration.ofSeconds(1));
        clock.settle();
      }
      assertEquals(0, first.get());
      assertEquals(1, second.get());
    }
  }

  @Test
  void close_isIdempotentAndWaitsForTheFirst() throws Exception {
    Node node = Node.start(Config.builder().build());
    CountDownLatch goOn = new CountDownLatch(1);
    ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
    PID<Plain> pid =
        node.spawn(
            Plain.with(
                p -> {
                  goOn.await();
                  order.add("served");
                }));
    Stress.inParallel(
        3,
        thread -> {
          if (thread == 2) {
            goOn.countDown();
          } else {
            node.close();
            order.add("closed");
          }
        });
    assertEquals(List.of("served", "closed", "closed"), List.copyOf(order));
    node.close();
    Expect.abandoned(pid.call(p -> p));
  }

  @Test
  void close_cutsOffWhatDoesNotEnd() throws Exception {
    Set<Thread> before = threads();
    Config config = Config.builder().workers(2).drainTimeout(Duration.ofMillis(50)).build();
    CountDownLatch blocked = new CountDownLatch(2);
    try (LogCapture log = new LogCapture()) {
      Node node = Node.start(config);
      List<Future<?>> queued = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        PID<Plain> pid = node.spawn(new Plain("stuck" + i));
        pid.dispatch(
            p -> {
              blocked.countDown();
              new CountDownLatch(1).await(); // Until interrupted.
            });
        queued.add(pid.call(p -> p));
      }
      Expect.opened(blocked);
      PID<Plain> innocent = node.spawn(new Plain()); // No worker is left for it.
      Future<Exit> exit = node.exit(innocent);
      node.close();
      log.await("did not end in time");
      for (Future<?> call : queued) {
        Expect.abandoned(call);
      }
      assertTrue(innocent.call(p -> p).isAbandoned() || exit.isPending());
    }
    noneButIsLeft(before);
  }

  @Test
  void processesSpawnedMeanwhile_endToo() throws Exception {
    for (int round = 0; round < 20; round++) {
      Node node = Node.start(Config.builder().build());
      ConcurrentLinkedQueue<Plain> spawned = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Future<Plain>> calls = new ConcurrentLinkedQueue<>();
      Stress.inParallel(
          2,
          thread -> {
            if (thread == 0) {
              node.close();
              return;
            }
            try {
              for (; ; ) {
                Plain plain = new Plain();
                PID<Plain> pid = node.spawn(plain);
                spawned.add(plain);
                calls.add(pid.call(p -> p));
              }
            } catch (IllegalStateException closed) {
              assertTrue(closed.getMessage().contains("closed"), closed.getMessage());
            }
          });
      for (Future<Plain> call : calls) {
        assertTrue(call.isReady() || call.isAbandoned(), call::toString);
      }
    }
  }

  @Test
  void close_isRefusedOnTheNodesOwnThreads() throws Exception {
    try (Node node = Node.start(Config.builder().build())) {
      PID<Plain> pid = node.spawn(new Plain());
      Runnable close = node::close;
      Throwable refused =
          Expect.failure(
              pid.call(
                  p -> {
                    close.run();
                    return p;
                  }));
      assertTrue(refused instanceof IllegalStateException, refused::toString);
    }
  }

  @Test
  void spawnAndMessagesAfterClose_failOrVanish() {
    Node node = Node.start(Config.builder().build());
    node.close();
    assertThrows(IllegalStateException.class, () -> node.spawn(new Plain()));
    node.post(new UPID("x", node.address()), "name", new byte[0]);
    node.post(
        new UPID("x", new io.libprocess.net.Address(node.address().ip(), 1)), "n", new byte[0]);
    node.terminate(new UPID("x", node.address()));
  }

  @Test
  void portInUse_isOneClearError() {
    try (Node node = Node.start(Config.builder().build())) {
      Config same = Config.builder().port(node.address().port()).build();
      UncheckedIOException refused =
          assertThrows(UncheckedIOException.class, () -> Node.start(same));
      assertTrue(refused.getMessage().contains(node.address().toString()), refused.getMessage());
    }
  }
}
