package io.libprocess.simulation.example;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.simulation.Exploration;
import io.libprocess.simulation.Simulation;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;

/**
 * How much the worked examples run: a little in each build, and as much as proves something with
 * {@code -Dlibprocess.simulation.long}, on all processors.
 */
final class LongMode {

  /** So many ranges of seeds are searched for each planted bug. */
  private static final int RANGES = 20;

  private LongMode() {}

  static boolean isOn() {
    return System.getProperty("libprocess.simulation.long") != null;
  }

  /** How many ranges of seeds are searched for a planted bug. */
  static int ranges() {
    return isOn() ? RANGES : 1;
  }

  /**
   * Runs the seeds from 1 to a number, none of which may fail, and which have to reach what is
   * hoped for.
   *
   * @param usual the number for each build
   * @param most that for the long mode
   */
  static void explore(
      String what,
      long usual,
      long most,
      SimulationConfig.Builder config,
      CheckedConsumer<World> world) {
    long begun = System.nanoTime();
    Exploration explored =
        Simulation.explore(
            Simulation.seeds(1, isOn() ? most : usual), config.threads(threads()).build(), world);
    if (isOn()) {
      System.out.printf(
          "%s: %,d runs, %,d steps, %d failures in %.0f s; %s%n",
          what,
          explored.runs(),
          explored.steps(),
          explored.failures().size(),
          (System.nanoTime() - begun) / 1e9,
          explored.sometimes());
    }
    explored.orThrow();
  }

  static int threads() {
    return isOn() ? Runtime.getRuntime().availableProcessors() : 1;
  }
}
