package io.libprocess.simulation;

import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.Trace;
import java.util.HashMap;
import java.util.Map;

/** Decides which points of chaos are switched on in a world. */
final class Chance {

  private static final double ON = 0.25;

  private final Engine engine;
  private final Draws draws;
  private final Map<String, Boolean> points = new HashMap<>();

  Chance(Engine engine) {
    this.engine = engine;
    draws = engine.draws("buggify");
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
}
