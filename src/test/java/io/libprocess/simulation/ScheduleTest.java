package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.CheckedConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** By which policy steps are chosen, and what must never be reordered. */
class ScheduleTest {

  private static final int PROCESSES = 10;
  private static final int ROUNDS = 100;

  /** Counts how far it is. */
  private static final class Walker extends Process<Walker> {
    int rounds;
    final List<Integer> got = new ArrayList<>();

    Walker(int number) {
      super("w" + number);
    }

    void walk(Runnable each) {
      each.run();
      if (++rounds < ROUNDS) {
        self().dispatch(one -> one.walk(each));
      }
    }
  }

  /**
   * A bug of depth 3: one process has to be behind its twentieth step while a second has not begun,
   * and the second behind its fiftieth while a third has not begun.
   */
  private static CheckedConsumer<World> depthThree() {
    return world -> {
      Node node = world.host("a", host -> host.start()).nodes().get(0);
      List<Walker> walkers = new ArrayList<>();
      List<PID<Walker>> pids = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        walkers.add(new Walker(i));
        pids.add(node.spawn(walkers.get(i)));
      }
      boolean[] seen = new boolean[2];
      Runnable look =
          () -> {
            seen[0] |= walkers.get(0).rounds > 20 && walkers.get(1).rounds == 0;
            seen[1] |= seen[0] && walkers.get(1).rounds > 50 && walkers.get(2).rounds == 0;
            world.check("never in this order", !seen[1]);
          };
      for (PID<Walker> pid : pids) {
        pid.dispatch(one -> one.walk(look));
      }
      world.runUntil(
          () -> walkers.stream().allMatch(one -> one.rounds >= ROUNDS), Duration.ofSeconds(10));
    };
  }

  private static SimulationConfig config(SimulationConfig.Policy policy) {
    return SimulationConfig.builder()
        .policy(policy)
        .depth(3)
        .shrink(false)
        .checkLeaks(false)
        .verifyEvery(0)
        .failures(1000)
        .build();
  }

  /** For n processes, k steps and a depth of d it is to be found with at least 1/(n k^(d-1)). */
  @Test
  void pct_findsABugOfDepthThreeAtLeastAsOftenAsItsBoundSays() {
    int seeds = 200;
    Exploration pct =
        Simulation.explore(
            Simulation.seeds(1, seeds), config(SimulationConfig.Policy.PCT), depthThree());
    Exploration fifo =
        Simulation.explore(
            Simulation.seeds(1, 1), config(SimulationConfig.Policy.FIFO), depthThree());

    double steps = (double) fifo.steps();
    double bound = 1.0 / (PROCESSES * steps * steps);
    assertTrue(pct.failures().size() >= Math.max(1, seeds * bound), pct.failures().size() + "");
    assertEquals(0, fifo.failures().size());
  }

  @ParameterizedTest
  @EnumSource
  void eventsOfOneSenderToOneMailbox_keepTheirOrder(SimulationConfig.Policy policy) {
    for (long seed = 1; seed <= 10; seed++) {
      Simulation.run(
              seed,
              config(policy),
              world -> {
                Node node = world.host("a", host -> host.start()).nodes().get(0);
                List<Walker> walkers = new ArrayList<>();
                List<PID<Walker>> pids = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                  walkers.add(new Walker(i));
                  pids.add(node.spawn(walkers.get(i)));
                }
                for (int i = 0; i < 100; i++) {
                  int number = i;
                  pids.get(0)
                      .dispatch(one -> pids.get(1 + number % 2).dispatch(to -> to.got.add(number)));
                }
                world.runFor(Duration.ofSeconds(1));
                for (int i = 1; i <= 2; i++) {
                  List<Integer> got = walkers.get(i).got;
                  assertEquals(50, got.size());
                  assertEquals(got.stream().sorted().toList(), got);
                }
              })
          .orThrow();
    }
  }

  /** Which of several processes is first is another one in each run. */
  @Test
  void random_makesEachFirst() {
    Set<String> first = new HashSet<>();
    for (long seed = 1; seed <= 50; seed++) {
      Simulation.run(
              seed,
              config(SimulationConfig.Policy.RANDOM),
              world -> {
                Node node = world.host("a", host -> host.start()).nodes().get(0);
                List<String> order = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                  node.spawn(new Walker(i)).dispatch(one -> order.add(one.id()));
                }
                world.runFor(Duration.ofSeconds(1));
                first.add(order.get(0));
              })
          .orThrow();
    }
    assertEquals(4, first.size());
  }

  /** Whoever is starved by priorities gets a step after a second of simulated time. */
  @Test
  void pct_starvesNobodyForEver() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation.run(
              seed,
              SimulationConfig.builder()
                  .policy(SimulationConfig.Policy.PCT)
                  .stepCost(Duration.ofMillis(1), Duration.ofMillis(1))
                  .checkLeaks(false)
                  .build(),
              world -> {
                Node node = world.host("a", host -> host.start()).nodes().get(0);
                List<PID<Walker>> pids = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                  pids.add(node.spawn(new Walker(i)));
                }
                Set<String> ran = new HashSet<>();
                pids.forEach(pid -> pid.dispatch(one -> forEver(one, ran)));
                world.runFor(Duration.ofSeconds(8));
                assertEquals(5, ran.size());
              })
          .orThrow();
    }
  }

  private static void forEver(Walker walker, Set<String> ran) {
    ran.add(walker.id());
    if (walker.rounds++ < 500_000) {
      walker.self().dispatch(one -> forEver(one, ran));
    }
  }
}
