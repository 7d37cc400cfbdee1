package io.libprocess.simulation;

import io.libprocess.internal.Saturating;
import io.libprocess.simulation.engine.Engine;
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
 * @param hosts the names of all hosts; empty if it is not known what the run was like
 * @param servers those of the hosts that faults of a plan may let fail
 * @param reached which hoped for states were reached
 * @param points the points of chaos that were switched on
 * @param last makes the last lines of the trace
 */
record RunOutcome(
    Scenario scenario,
    Problem problem,
    long steps,
    long nanos,
    long hash,
    List<String> hosts,
    List<String> servers,
    Map<String, Boolean> reached,
    List<String> points,
    Timeline timeline,
    Supplier<List<String>> last) {

  boolean failed() {
    return problem != null;
  }

  /** Whether it failed because somebody waited in vain, for promises perhaps. */
  boolean waits() {
    return failed()
        && (problem.check().equals(World.KEPT) || problem.check().startsWith(World.EVENTUALLY));
  }

  /** The faults, for people, each with its time. */
  List<String> faults() {
    return scenario.faults().stream()
        .map(
            fault ->
                Engine.text(Saturating.nanos(fault.at())) + " " + fault.describe(servers, hosts))
        .toList();
  }

  /** Whether both failed by the same check, or neither did. */
  boolean failsAs(RunOutcome other) {
    return problem != null
        && other.problem != null
        && problem.check().equals(other.problem.check());
  }
}
