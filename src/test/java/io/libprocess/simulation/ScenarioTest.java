package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.CheckedConsumer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is drawn from a seed is text that can be replayed, and is made smaller when it fails. */
class ScenarioTest {

  /** Fails if two hosts are down at once. */
  private static final CheckedConsumer<World> TWO_DOWN =
      world -> {
        List<Host> hosts = world.hosts(5, host -> {});
        world.never("two are down", 1, () -> hosts.stream().filter(h -> !h.isUp()).count() >= 2);
        for (Host host : hosts) {
          tick(host);
        }
        world.runFor(Duration.ofMinutes(1));
      };

  private static void tick(Host host) {
    if (host.isUp()) {
      host.clock().timer(Duration.ofMillis(10), () -> tick(host));
    }
  }

  private static SimulationConfig config() {
    return SimulationConfig.builder()
        .swarm()
        .faults(Faults.swarm().every(Duration.ofSeconds(1), Duration.ofSeconds(5)).mostDown(2))
        .checkLeaks(false)
        .build();
  }

  @Test
  void failure_isMadeSmallerAndReplayed() {
    Exploration explored = Simulation.explore(Simulation.seeds(1, 50), config(), TWO_DOWN);

    SimulationReport report = explored.failures().get(0);
    Scenario shrunk = report.shrunk().orElseThrow();
    assertTrue(report.scenario().faults().size() > 2, report.toString());
    assertTrue(shrunk.faults().size() <= 2, report.toString());
    SimulationReport again = Simulation.replay(Scenario.parse(shrunk.text()), config(), TWO_DOWN);
    assertEquals(report.failure(), again.failure());
    assertEquals(report.trace(), again.trace());
  }

  @Test
  void drawnScenario_isReplayedToTheLastEvent() {
    Faults often = Faults.swarm().every(Duration.ofMillis(50), Duration.ofSeconds(2));
    SimulationConfig config =
        SimulationConfig.builder().swarm().faults(often).shrink(false).build();
    for (long seed = 1; seed <= 20; seed++) {
      SimulationReport report = Simulation.run(seed, config, SimulationTest::greetings);
      String text = report.scenario().text();
      assertEquals(text, Scenario.parse(text).text());

      SimulationReport again =
          Simulation.replay(report.scenario(), config, SimulationTest::greetings);
      assertEquals(report.timeline(), again.timeline());
      assertEquals(report.steps(), again.steps());
      assertEquals(report.simulated(), again.simulated());
    }
  }

  @Test
  void otherText_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> Scenario.parse(""));
    assertThrows(IllegalArgumentException.class, () -> Scenario.parse("something"));
    String good = Scenario.draw(1, SimulationConfig.standard()).text();
    assertThrows(IllegalArgumentException.class, () -> Scenario.parse(good + "fault CRASH\n"));
    assertThrows(IllegalArgumentException.class, () -> Scenario.parse(good + "seed x\n"));
  }
}
