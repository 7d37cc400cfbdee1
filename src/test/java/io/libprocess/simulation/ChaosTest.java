package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is done on purpose to the library at its seams, and what a world refuses. */
class ChaosTest {

  private static final SimulationConfig SWARM =
      SimulationConfig.builder().swarm().faults(Faults.none()).shrink(false).build();

  /** Notes when it was called. */
  private static final class Counter extends Process<Counter> {
    final List<Duration> calls = new ArrayList<>();
  }

  private static RunOutcome run(
      long seed, SimulationConfig config, CheckedConsumer<? super World> world) {
    RunOutcome outcome = SimulationRun.of(Scenario.draw(seed, config).withFifo(), config, world);
    assertFalse(outcome.failed(), () -> outcome.problem().toString());
    return outcome;
  }

  private static CheckedConsumer<World> calls(Counter counter, boolean healed) {
    return world -> {
      Node node = world.host("a", Host::start).nodes().get(0);
      PID<Counter> pid = node.spawn(counter);
      if (healed) {
        world.heal();
      }
      for (int i = 0; i < 50; i++) {
        pid.dispatch(one -> one.calls.add(world.elapsed()));
      }
      world.runFor(Duration.ofSeconds(1));
    };
  }

  @Test
  void pointsOfTheSeams_areSwitchedOnInSwarmsOnly() {
    Map<String, Integer> on = new HashMap<>();
    int runs = 60;
    for (long seed = 1; seed <= runs; seed++) {
      run(seed, SWARM, calls(new Counter(), false))
          .points()
          .forEach(p -> on.merge(p, 1, Integer::sum));
    }

    assertEquals(
        Set.of(
            "scheduler.batch",
            "clock.ties",
            "network.single-byte",
            "network.full-queue",
            "network.late-answer",
            "memory.refused"),
        on.keySet());
    on.forEach((point, times) -> assertTrue(times > 3 && times < runs / 2, point + " " + times));
    SimulationConfig without =
        SimulationConfig.builder().swarm().faults(Faults.none()).chaos(false).build();
    for (long seed = 1; seed <= 10; seed++) {
      assertEquals(List.of(), run(seed, without, calls(new Counter(), false)).points());
      assertEquals(
          List.of(), run(seed, SimulationConfig.standard(), calls(new Counter(), false)).points());
    }
  }

  @Test
  void processServesManyEventsInOneStep_untilTheWorldIsHealed() {
    boolean together = false;
    for (long seed = 1; seed <= 30; seed++) {
      Counter disturbed = new Counter();
      run(seed, SWARM, calls(disturbed, false));
      together |= new HashSet<>(disturbed.calls).size() < disturbed.calls.size();
      Counter healed = new Counter();
      run(seed, SWARM, calls(healed, true));
      assertEquals(50, new HashSet<>(healed.calls).size());
    }
    assertTrue(together);
  }

  @Test
  void bytesArriveSingly_memoryIsRefused_andConnectionsAnswerLate() {
    Set<String> seen = new HashSet<>();
    for (long seed = 1; seed <= 40; seed++) {
      RunOutcome outcome =
          run(
              seed,
              SWARM,
              world -> {
                List<Host> hosts = world.hosts(2, host -> host.start().spawn(new Echo()));
                for (int i = 0; i < 20; i++) {
                  Node from = hosts.get(0).nodes().get(0);
                  from.post(Echo.on(hosts.get(1)), "text", new byte[10_000]);
                }
                world.runFor(Duration.ofSeconds(3));
                long refused = hosts.stream().mapToLong(ChaosTest::refusals).sum();
                if (refused > 0) {
                  seen.add("memory.refused");
                }
              });
      if (outcome.last().get().stream().anyMatch(line -> line.endsWith(" 1B"))) {
        assertTrue(
            outcome.points().contains("network.single-byte")
                || outcome.points().contains("network.full-queue")
                || cuts(seed));
        seen.add("network.single-byte");
      }
    }

    assertEquals(Set.of("memory.refused", "network.single-byte"), seen);
  }

  /** What is written waits, is told to be there, and arrives in the end as it was. */
  @Test
  void queueTakesOneByteAtATime_andTellsSoAndLosesNothing() {
    SimulationConfig config =
        SimulationConfig.builder()
            .swarm()
            .faults(Faults.none())
            .policy(SimulationConfig.Policy.FIFO)
            .shrink(false)
            .build();
    boolean[] waited = new boolean[1];
    for (long seed = 1; seed <= 40; seed++) {
      Simulation.run(
              seed,
              config,
              world -> {
                List<Host> hosts = world.hosts(2, Host::start);
                StringBuilder got = new StringBuilder();
                hosts
                    .get(1)
                    .nodes()
                    .get(0)
                    .spawn(new Echo(body -> got.append(body.length).append(' ')));
                for (int i = 0; i < 20; i++) {
                  hosts
                      .get(0)
                      .nodes()
                      .get(0)
                      .post(Echo.on(hosts.get(1)), "text", new byte[1000 + i]);
                }
                world.runFor(Duration.ofMillis(20));
                world.heal();
                world.runFor(Duration.ofSeconds(3));
                if (refusals(hosts.get(0)) + refusals(hosts.get(1)) == 0) {
                  assertTrue(got.toString().startsWith("1000 1001 1002 "), got.toString());
                  assertTrue(got.toString().endsWith(" 1019 "), got.toString());
                }
              })
          .orThrow();
      RunOutcome outcome = run(seed, config, calls(new Counter(), false));
      waited[0] |= outcome.points().contains("network.full-queue");
    }
    assertTrue(waited[0]);
  }

  private static long refusals(Host host) {
    return MemoryBudget.of(host.nodes().get(0).transport()).refused();
  }

  private static boolean cuts(long seed) {
    return Scenario.draw(seed, SWARM).cutting() > 0;
  }

  private static final class Echo extends Process<Echo> {
    private final Consumer<byte[]> told;

    Echo() {
      this(body -> {});
    }

    Echo(Consumer<byte[]> told) {
      super("echo");
      this.told = told;
    }

    static UPID on(Host host) {
      return new UPID("echo", host.address());
    }

    @Override
    protected void initialize() {
      install("text", (from, body) -> told.accept(body));
    }
  }

  /* ------ Time ------ */

  @Test
  void systemTime_isRefusedInAWorld() {
    List<Future<?>> asked = new ArrayList<>();
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              assertThrows(IllegalStateException.class, Clock::system);
              assertThrows(IllegalStateException.class, Clock::create);
              assertThrows(IllegalStateException.class, () -> Config.builder().build());
              Node node = world.host("a", Host::start).nodes().get(0);
              asked.add(node.spawn(new Counter()).call(one -> Clock.system()));
              asked.add(node.async(Clock::system));
              world.runFor(Duration.ofSeconds(1));
            })
        .orThrow();

    for (Future<?> one : asked) {
      assertTrue(one.isFailed());
      assertTrue(one.failure() instanceof IllegalStateException, one.failure().toString());
    }
    Clock.system(); // Elsewhere it is there.
  }
}
