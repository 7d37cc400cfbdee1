package io.libprocess.simulation.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides which points of chaos are switched on in a world. */
public final class Chance {

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

  /** One byte is taken of what is written, and the rest has to wait: with numbers of its own. */
  private static final Seam FULL_QUEUE = new Seam("network.full-queue", 0.05);

  private final Engine engine;
  private final Draws draws;
  private final Draws seamDraws;
  private final Draws queueDraws;
  private final Map<String, Boolean> points = new LinkedHashMap<>();
  private final Map<String, Double> seams = new HashMap<>(); // Those that are on.

  /** All points are off, and those of the seams are left alone. */
  public Chance(Engine engine) {
    this.engine = engine;
    draws = engine.draws("buggify");
    seamDraws = engine.draws("seams");
    queueDraws = engine.draws("seams/" + FULL_QUEUE.point);
  }

  /** Switches some points of the seams on, of which the run is told until it is healed. */
  public void disturbSeams() {
    SEAMS.forEach(seam -> maybeSwitchOn(seam, seamDraws));
    maybeSwitchOn(FULL_QUEUE, queueDraws);
    engine.points(this::happensBelow);
  }

  /** The points of the seams say no from now on. */
  public void leaveSeamsAlone() {
    engine.points(point -> false);
  }

  private void maybeSwitchOn(Seam seam, Draws from) {
    if (from.chance(ON)) {
      seams.put(seam.point, seam.probability);
      points.put(seam.point, true);
    }
  }

  private boolean happensBelow(String point) {
    Double probability = seams.get(point);
    Draws from = point.equals(FULL_QUEUE.point) ? queueDraws : seamDraws;
    return probability != null && from.chance(probability);
  }

  /** Whether something happens at a point that is switched on, with a probability. */
  public boolean happens(String point, double probability) {
    boolean on = points.computeIfAbsent(point, key -> draws.chance(ON));
    if (!on || !draws.chance(probability)) {
      return false;
    }
    engine.note(StepTrace.Kind.BUGGIFY, "chaos", point);
    return true;
  }

  /** A usual number, or another one between two bounds, which belong to them. */
  public long range(String point, long usual, long least, long most) {
    return happens(point, ON) ? draws.between(least, most) : usual;
  }

  /** The points that are switched on, of those that were asked. */
  public List<String> switchedOn() {
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
