package io.libprocess.simulation.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.simulation.Exploration;
import io.libprocess.simulation.Simulation;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.SimulationReport;
import io.libprocess.simulation.World;
import java.util.function.Consumer;

/**
 * Looks for a bug that was planted: it has to be found within a thousand seeds in at least 19 of 20
 * ranges of seeds, and, in the long mode, to be shrunk to a few faults.
 */
final class Planted {

  private static final long SEEDS = 1000;
  private static final int MOST_FAULTS = 5;

  private Planted() {}

  /**
   * Looks for it in as many ranges as {@link LongMode} says.
   *
   * @param expected gets the name of the check that fails
   */
  static void isFound(
      String what,
      SimulationConfig.Builder config,
      CheckedConsumer<World> world,
      Consumer<String> expected) {
    int found = 0;
    StringBuilder seeds = new StringBuilder();
    int ranges = LongMode.ranges();
    int first = LongMode.isOn() ? 0 : 1; // In the second one all of them are found soon.
    for (int i = first; i < first + ranges; i++) {
      Exploration explored =
          Simulation.explore(
              Simulation.seeds(1 + i * SEEDS, (i + 1) * SEEDS),
              config.verifyEvery(0).shrink(LongMode.isOn()).build(),
              world);
      if (!explored.failures().isEmpty()) {
        found++;
        SimulationReport report = explored.failures().get(0);
        expected.accept(report.failure());
        seeds.append(' ').append(explored.runs());
        if (LongMode.isOn()) {
          int faults = report.shrunk().orElseThrow().faults().size();
          assertTrue(faults <= MOST_FAULTS, report.toString());
          seeds.append('/').append(faults);
        }
      }
    }
    if (LongMode.isOn()) {
      System.out.println(
          what + " was found in " + found + " ranges, after so many runs/faults:" + seeds);
    }
    assertTrue(found >= ranges - ranges / 20, what + " was found in " + found + " ranges");
  }
}
