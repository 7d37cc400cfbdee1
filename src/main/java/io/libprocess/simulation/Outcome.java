package io.libprocess.simulation;

import io.libprocess.simulation.engine.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The outcome of one run.
 *
 * @param scenario with the plan that was drawn
 * @param problem null if there was none
 * @param nanos how long the world existed
 * @param reached which hoped for states were reached
 * @param points the points of chaos that were switched on
 * @param last makes the last lines of the trace
 */
record Outcome(
    Scenario scenario,
    Problem problem,
    long steps,
    long nanos,
    long hash,
    int hosts,
    Map<String, Boolean> reached,
    List<String> points,
    List<String> timeline,
    Supplier<List<String>> last) {

  boolean failed() {
    return problem != null;
  }

  /** Whether both failed by the same check, or neither did. */
  boolean failsAs(Outcome other) {
    return problem != null
        && other.problem != null
        && problem.check().equals(other.problem.check());
  }
}
