package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Process;
import io.libprocess.future.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What crashes, pauses and wrong clocks do to a host. */
class HostTest {

  @Test
  void crash_losesEverythingButTheStore() {
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              AtomicInteger finished = new AtomicInteger();
              AtomicInteger fired = new AtomicInteger();
              Host host =
                  world.host(
                      "a",
                      one -> {
                        one.store().merge("starts", 1, (a, b) -> (Integer) a + (Integer) b);
                        one.clock().timer(Duration.ofSeconds(1), fired::incrementAndGet);
                        one.start().spawn(new Finishing(finished));
                      });
              Future<Integer> pending = host.nodes().get(0).async(() -> 1);
              world.runFor(Duration.ofNanos(1));
              host.crash();
              assertFalse(host.isUp());
              world.runFor(Duration.ofSeconds(5));
              assertTrue(pending.isPending());
              assertEquals(0, fired.get());
              assertEquals(0, finished.get());

              host.restart(Host.Restart.KEEP_STORE);
              world.runFor(Duration.ofSeconds(5));
              assertEquals(2, host.store().get("starts"));
              assertEquals(1, fired.get());

              host.restart(Host.Restart.LOSE_STORE);
              assertEquals(1, host.store().get("starts"));
              assertEquals(3, host.starts());

              host.stop();
              assertTrue(world.runUntil(() -> !host.isUp(), Duration.ofMinutes(1)));
              assertEquals(1, finished.get());
            })
        .orThrow();
  }

  private static final class Finishing extends Process<Finishing> {
    private final AtomicInteger finished;

    Finishing(AtomicInteger finished) {
      this.finished = finished;
    }

    @Override
    protected void finish() {
      finished.incrementAndGet();
    }
  }

  @Test
  void pause_holdsStepsAndTimersUntilItIsOver() {
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              Host host = world.host("a", one -> one.start());
              List<Duration> fired = new ArrayList<>();
              for (int i = 1; i <= 3; i++) {
                host.clock().timer(Duration.ofSeconds(i), () -> fired.add(world.elapsed()));
              }
              world.runFor(Duration.ofMillis(500));
              host.pause(Duration.ofSeconds(10));
              world.runFor(Duration.ofSeconds(5));
              assertEquals(List.of(), fired);
              world.runFor(Duration.ofSeconds(10));
              assertEquals(3, fired.size());
              fired.forEach(at -> assertEquals(10, at.toSeconds()));
            })
        .orThrow();
  }

  @Test
  void drift_letsTimersFireAsTheHostThinks() {
    Simulation.run(
            1,
            SimulationConfig.builder().limit(Duration.ofHours(1)).build(),
            world -> {
              Host host = world.host("a", one -> one.start());
              host.drift(50_000); // It gains a twentieth.
              List<Duration> fired = new ArrayList<>();
              long begun = host.clock().nanoTime();
              host.clock()
                  .timer(
                      Duration.ofSeconds(105),
                      () -> {
                        fired.add(world.elapsed());
                        assertTrue(host.clock().nanoTime() - begun >= 105_000_000_000L);
                      });
              world.runFor(Duration.ofSeconds(200));
              assertEquals(1, fired.size());
              assertEquals(100, fired.get(0).toSeconds());
            })
        .orThrow();
  }
}
