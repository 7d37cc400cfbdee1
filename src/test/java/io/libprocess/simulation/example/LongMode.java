package io.libprocess.simulation.example;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.simulation.Exploration;
import io.libprocess.simulation.Simulation;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;
import java.util.List;

/**
 * How much the worked examples run: a little in each build, and as much as proves something with
 * {@code -Dlibprocess.simulation.long}, on all processors.
 */
final class LongMode {

  /** So many ranges of seeds are searched for each planted bug. */
  private static final int RANGES = 20;

  /** Properties by which a person runs other seeds than those in the code. */
  private static final List<String> SEEDS =
      List.of("libprocess.simulation.seed", "libprocess.simulation.seeds");

  private static final long SLICE = 100; // Seeds, between two looks at the time.
  private static final long TIME_TO_SPARE = 25_000_000_000L; // Nanoseconds.

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

  /**
   * Runs the seeds from 1 to a number, and then more of them while there is time: up to another
   * number, on all processors. On a busy machine there are fewer, and none of those that are run
   * may fail.
   *
   * @param usual the number for each build
   * @param more that for a build on a machine with time to spare
   * @param most that for the long mode
   */
  static void exploreMore(
      String what,
      long usual,
      long more,
      long most,
      SimulationConfig.Builder config,
      CheckedConsumer<World> world) {
    long begun = System.nanoTime();
    explore(what, usual, most, config, world);
    config.threads(Runtime.getRuntime().availableProcessors());
    if (isOn() || SEEDS.stream().anyMatch(name -> System.getProperty(name) != null)) {
      return;
    }
    for (long last = usual; last < more; ) {
      if (System.nanoTime() - begun > TIME_TO_SPARE) {
        System.out.printf("%s: there was time for %,d seeds of %,d%n", what, last, more);
        return;
      }
      long next = Math.min(more, last + SLICE);
      Exploration explored =
          Simulation.explore(Simulation.seeds(last + 1, next), config.build(), world);
      if (!explored.failures().isEmpty()) {
        explored.failures().get(0).orThrow();
      }
      last = next;
    }
  }

  static int threads() {
    return isOn() ? Runtime.getRuntime().availableProcessors() : 1;
  }
}
