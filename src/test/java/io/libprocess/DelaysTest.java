package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.actor.Delays;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A clock that outlives a process keeps nothing of its timers. */
class DelaysTest {

  private static final Duration LONG = Duration.ofHours(5);

  private final Clock clock = Clock.paused(Instant.EPOCH);

  @AfterEach
  void end() {
    clock.close();
  }

  private Node start() {
    return Node.start(Config.builder().clock(clock).workers(1).build());
  }

  private WeakReference<Node> closedNodeWithATimer() throws Exception {
    Node node = start();
    PID<Plain> pid = node.spawn(new Plain());
    Expect.ready(pid.call(p -> p.delay(LONG, q -> q.send(q.self(), "late"))));
    node.close();
    return new WeakReference<>(node);
  }

  @Test
  void closedNode_isForgottenBeforeItsTimersAreDue() throws Exception {
    WeakReference<Node> node = closedNodeWithATimer();
    for (int i = 0; i < 100 && node.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertNull(node.get());
  }

  @Test
  void endedProcess_cancelsItsTimers() throws Exception {
    try (Node node = start()) {
      PID<Plain> pid = node.spawn(new Plain("again"));
      Timer timer = Expect.ready(pid.call(p -> p.delay(LONG, q -> q.lifeCycle.add("late"))));
      assertTrue(timer.isPending());
      node.terminate(pid);
      node.await(pid);
      assertFalse(timer.isPending());
      Plain next = new Plain("again");
      node.spawn(next);
      clock.advance(LONG.plusHours(1));
      clock.settle();
      assertFalse(next.lifeCycle.contains("late"));
    }
  }

  @Test
  void timers_goOffOnceAndCancelledOnesAreForgotten() throws Exception {
    try (Node node = start()) {
      PID<Plain> pid = node.spawn(new Plain());
      AtomicInteger fired = new AtomicInteger();
      Expect.ready(
          pid.call(
              p -> {
                for (int i = 0; i < 10; i++) {
                  p.delay(Duration.ofSeconds(1), q -> fired.incrementAndGet());
                }
                return p;
              }));
      Delays delays = new Delays();
      List<Timer> timers = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        Timer timer = delays.start(pid.cell(), LONG, p -> fired.incrementAndGet());
        timers.add(timer);
        if (i % 10 != 0) {
          timer.cancel();
        }
      }
      assertTrue(delays.count() < 2_100, () -> "entries: " + delays.count());
      clock.advance(Duration.ofSeconds(2));
      clock.settle();
      assertEquals(10, fired.get());
      clock.advance(LONG);
      clock.settle();
      assertEquals(1_010, fired.get());
      delays.close();
      assertEquals(0, delays.count());
      assertFalse(delays.start(pid.cell(), LONG, p -> {}).isPending());
    }
  }
}
