package io.libprocess.simulation;

import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides which points of chaos are switched on in a world. */
final class Chance {

  private static final double ON = 0.25;

  /**
   * A point of the seams below the library.
   *
   * @param probability that it says yes when it is on
   */
  private record Seam(String point, double probability) {}

  private static final List<Seam> SEAMS =
      List.of(
          new Seam("scheduler.batch", 0.25), // A task serves many events in one step.
          new Seam("clock.ties", 1), // Timers of a host are due together.
          new Seam("network.single-byte", 0.5), // One byte is sent alone.
          new Seam("network.late-answer", 0.25), // A channel gets bytes before connect answers.
          new Seam("memory.refused", 0.05)); // A request for memory is refused.

  private final Engine engine;
  private final Draws draws;
  private final Draws seamDraws;
  private final Map<String, Boolean> points = new LinkedHashMap<>();
  private final Map<String, Double> seams = new HashMap<>(); // Those that are on.

  Chance(Engine engine) {
    this.engine = engine;
    draws = engine.draws("buggify");
    seamDraws = engine.draws("seams");
  }

  /** Switches some points of the seams on, of which the run is told until it is healed. */
  void disturbSeams() {
    for (Seam seam : SEAMS) {
      if (seamDraws.chance(ON)) {
        seams.put(seam.point, seam.probability);
        points.put(seam.point, true);
      }
    }
    engine.points(this::happensBelow);
  }

  void leaveSeamsAlone() {
    engine.points(point -> false);
  }

  private boolean happensBelow(String point) {
    Double probability = seams.get(point);
    return probability != null && seamDraws.chance(probability);
  }

  boolean happens(String point, double probability) {
    boolean on = points.computeIfAbsent(point, key -> draws.chance(ON));
    if (!on || !draws.chance(probability)) {
      return false;
    }
    engine.note(Trace.Kind.BUGGIFY, "chaos", point);
    return true;
  }

  long range(String point, long usual, long least, long most) {
    return happens(point, ON) ? draws.between(least, most) : usual;
  }

  /** The points that are switched on, of those that were asked. */
  List<String> switchedOn() {
    List<String> on = new ArrayList<>();
    points.forEach(
        (point, is) -> {
          if (is) {
            on.add(point);
          }
        });
    return List.copyOf(on);
  }
}
