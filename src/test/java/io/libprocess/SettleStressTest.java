package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.sync.Stress;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@link Clock#settle} never returns while processes have work. */
class SettleStressTest {

  @Test
  void settle_isNeverEarly() throws Exception {
    int rounds = Stress.times(400);
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node node = Node.start(Config.builder().clock(clock).workers(3).build())) {
      Plain[] plains = new Plain[5];
      for (int i = 0; i < plains.length; i++) {
        plains[i] = new Plain();
        node.spawn(plains[i]);
      }
      AtomicInteger hops = new AtomicInteger();
      for (int round = 1; round <= rounds; round++) {
        pass(node, plains, 0, 50, 17, hops);
        clock.settle();
        assertEquals(50 * round, hops.get());
      }
    }
    Stress.played(rounds);
  }

  @Test
  void settle_isNeverEarlyAfterAFewSteps() throws Exception {
    int rounds = Stress.times(20_000);
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node node = Node.start(Config.builder().clock(clock).workers(3).build())) {
      Plain[] plains = {new Plain(), new Plain(), new Plain()};
      for (Plain plain : plains) {
        node.spawn(plain);
      }
      AtomicInteger hops = new AtomicInteger();
      int expected = 0;
      for (int round = 0; round < rounds; round++) {
        int steps = round % 5;
        int timersAt = round % 16 == 0 ? 1 : 17;
        expected += steps;
        pass(node, plains, 0, steps, timersAt, hops);
        clock.settle();
        assertEquals(expected, hops.get());
      }
    }
    Stress.played(rounds);
  }

  /** A token goes around, now and then through a timer. */
  private static void pass(
      Node node, Plain[] plains, int at, int left, int timersAt, AtomicInteger hops) {
    if (left == 0) {
      return;
    }
    PID<Plain> pid = node.pid(plains[at % plains.length]);
    pid.dispatch(
        p -> {
          hops.incrementAndGet();
          if (left % timersAt == 0) {
            p.delay(Duration.ZERO, q -> pass(node, plains, at + 1, left - 1, timersAt, hops));
          } else {
            pass(node, plains, at + 1, left - 1, timersAt, hops);
          }
        });
  }

  @Test
  void settle_coversProcessesThatEnd() throws Exception {
    int rounds = Stress.times(400);
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node node = Node.start(Config.builder().clock(clock).workers(3).build())) {
      for (int round = 0; round < rounds; round++) {
        chain(node, 20);
        clock.settle();
        // All but the processes of the node itself are gone, one because of the other.
        assertEquals(0, ALIVE.get());
      }
    }
    Stress.played(rounds);
  }

  private static final AtomicInteger ALIVE = new AtomicInteger();

  /** Ends when the process to which it links has ended. */
  private static final class Domino extends Process<Domino> {
    private final UPID next;

    Domino(UPID next) {
      this.next = next;
      ALIVE.incrementAndGet();
    }

    @Override
    protected void initialize() {
      link(next);
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      node().terminate(self());
    }

    @Override
    protected void finish() {
      ALIVE.decrementAndGet();
    }
  }

  private static void chain(Node node, int length) {
    UPID last = new UPID("nobody", node.address());
    for (int i = 0; i < length; i++) {
      last = node.spawn(new Domino(last));
    }
  }
}
