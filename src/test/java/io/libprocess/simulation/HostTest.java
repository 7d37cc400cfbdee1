package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.simulation.engine.SimulatedScheduler;
import io.libprocess.subprocess.Command;
import io.libprocess.subprocess.Subprocess;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
  void pause_mayBeForEver() {
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              Host host = world.host("a", one -> one.start());
              List<Duration> fired = new ArrayList<>();
              host.clock().timer(Duration.ofSeconds(1), () -> fired.add(world.elapsed()));
              world.runFor(Duration.ofMillis(500));
              host.pause(ChronoUnit.FOREVER.getDuration());
              world.runFor(Duration.ofMinutes(1));
              assertEquals(List.of(), fired);
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

  @Test
  void blockingCall_takesAsLongAsTheHostSays() {
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              Host host = world.host("a", one -> one.start());
              host.callTime(Duration.ofSeconds(7), Duration.ofSeconds(7));
              world.await(host.nodes().get(0).async(() -> 1), Duration.ofMinutes(1));
              assertEquals(7, world.elapsed().toSeconds());
            })
        .orThrow();
  }

  @Test
  void programsOfTheSystem_areNotStarted() {
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              Node node = world.host("a", one -> one.start()).nodes().get(0);
              Future<Subprocess> started = node.run(Command.of("true"));
              world.runFor(Duration.ofSeconds(1));
              assertTrue(started.failure() instanceof UnsupportedOperationException);
            })
        .orThrow();
  }

  @Test
  void memoryThatIsHeldAfterTheEnd_failsTheRun() {
    SimulationReport report =
        Simulation.run(
            1,
            SimulationConfig.builder().shrink(false).build(),
            world -> {
              Node node = world.host("a", one -> one.start()).nodes().get(0);
              MemoryBudget.of(node.transport()).take(5);
            });

    assertEquals("closed nodes leave nothing behind", report.failure());
    assertTrue(report.toString().contains("a has [5 bytes held by "), report.toString());
  }

  @Test
  void processThatLives_isLeftAndNoneIsWhenTheNodeIsClosed() {
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              Host host = world.host("a", one -> one.start());
              Node node = host.nodes().get(0);
              UPID pid = node.spawn(new Finishing(new AtomicInteger()));
              world.runFor(Duration.ofSeconds(1));
              String line = "the process " + pid.id() + " on " + node.address();
              assertTrue(Waiting.left(world, host).contains(line), line);

              node.close();
              world.runFor(Duration.ofSeconds(10));
              assertEquals(List.of(), Waiting.left(world, host));
            })
        .orThrow();
  }

  /** A process that is ready twice would be run by two threads at once. */
  @Test
  void taskThatBecomesReadyTwice_failsTheRun() {
    SimulationReport report =
        Simulation.run(
            1,
            SimulationConfig.builder().shrink(false).build(),
            world -> {
              Host host = world.host("a", one -> one.start());
              SimulatedScheduler scheduler = new SimulatedScheduler(world.engine(), host.machine());
              Task task = new OneTask(() -> {});
              scheduler.ready(task);
              world.runFor(Duration.ofSeconds(1));
              scheduler.ready(task); // It has run.
              scheduler.ready(task);
              world.runFor(Duration.ofSeconds(1));
            });

    assertEquals("a process never runs inside itself", report.failure());
    assertTrue(report.toString().contains("became ready twice"), report.toString());
    assertTrue(report.simulated().compareTo(Duration.ofSeconds(1)) >= 0);
  }

  @Test
  void threadThatIsLeftBehind_failsTheRun() {
    CountDownLatch end = new CountDownLatch(1);
    SimulationReport report =
        Simulation.run(
            1,
            SimulationConfig.builder().shrink(false).build(),
            world -> {
              world.host("a", one -> one.start());
              new Thread(() -> awaitQuietly(end), "a stranger").start();
            });
    end.countDown();

    assertEquals("NOT_DETERMINISTIC", report.failure());
    assertTrue(report.toString().contains("left the thread 'a stranger' behind"));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
