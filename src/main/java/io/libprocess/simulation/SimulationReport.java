package io.libprocess.simulation;

import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The result of one run. Immutable. */
public final class SimulationReport {

  private final Outcome outcome;
  private final Optional<Outcome> shrunk;
  private final int runs;

  SimulationReport(Outcome outcome, Optional<Outcome> shrunk, int runs) {
    this.outcome = outcome;
    this.shrunk = shrunk;
    this.runs = runs;
  }

  /** Whether something did not hold. */
  public boolean failed() {
    return outcome.failed();
  }

  /** The name of what did not hold; empty if all did. */
  public String failure() {
    return outcome.failed() ? outcome.problem().check() : "";
  }

  /** The seed. */
  public long seed() {
    return outcome.scenario().seed();
  }

  /** The hash over all that has happened: it is the same for the same seed and code. */
  public long hash() {
    return outcome.hash();
  }

  /** How many steps were taken. */
  public long steps() {
    return outcome.steps();
  }

  /** How much time has passed in the world. */
  public Duration simulated() {
    return Duration.ofNanos(outcome.nanos());
  }

  /** For each state that was hoped for whether it was reached. */
  public Map<String, Boolean> sometimes() {
    return outcome.reached();
  }

  /** The full scenario that determined the run. */
  public Scenario scenario() {
    return outcome.scenario();
  }

  /** The smallest scenario that was found to fail in the same way; empty if nothing failed. */
  public Optional<Scenario> shrunk() {
    return shrunk.map(Outcome::scenario);
  }

  /** The last lines of the trace, of the smallest failure if there is one. */
  public List<String> trace() {
    return shrunk.orElse(outcome).last().get();
  }

  /** When hosts started and failed, what went wrong, and what was marked. */
  public List<String> timeline() {
    return shrunk.orElse(outcome).timeline();
  }

  /**
   * Does nothing if the run did not fail.
   *
   * @throws SimulationFailure with this report
   */
  public void orThrow() {
    if (failed()) {
      throw new SimulationFailure(toString(), outcome.problem().cause());
    }
  }

  /** The report, for people. */
  @Override
  public String toString() {
    String run =
        outcome.scenario().policy()
            + ", "
            + outcome.hosts()
            + " hosts, JDK "
            + java.lang.Runtime.version().feature()
            + String.format(", trace %016x", outcome.hash());
    if (!failed()) {
      return "Simulation of seed "
          + seed()
          + " held for "
          + Engine.text(outcome.nanos())
          + " and "
          + outcome.steps()
          + " steps: "
          + run;
    }
    Problem problem = outcome.problem();
    StringBuilder text = new StringBuilder("Simulation failed: ");
    text.append(problem.check()).append(" at ").append(Engine.text(problem.time()));
    text.append(" after ").append(problem.step()).append(" steps\n");
    problem.message().lines().forEach(line -> text.append("  ").append(line).append('\n'));
    text.append("Seed ").append(seed()).append(", ").append(run).append("\nFaults: ");
    text.append(
        outcome.scenario().faults().stream()
            .map(fault -> fault.kind().name())
            .distinct()
            .collect(Collectors.joining(", ", "", "\n")));
    List<String> points = shrunk.orElse(outcome).points();
    if (!points.isEmpty()) {
      text.append("Points of chaos: ").append(String.join(", ", points)).append('\n');
    }
    shrunk.ifPresent(small -> describe(small, text));
    text.append("Timeline\n");
    timeline().forEach(line -> text.append("  ").append(line).append('\n'));
    text.append("Last steps\n");
    trace().forEach(line -> text.append("  ").append(line).append('\n'));
    return text.append("Again: -Dlibprocess.simulation.seed=").append(seed()).toString();
  }

  private void describe(Outcome small, StringBuilder text) {
    text.append("Shrunk in ").append(runs).append(" runs: ");
    text.append(small.scenario().faults().size()).append(" of ");
    text.append(outcome.scenario().faults().size()).append(" faults, ");
    text.append(small.scenario().changes().size()).append(" of ");
    text.append(outcome.scenario().changes().size()).append(" changes of priority left, ");
    text.append(Engine.text(small.nanos())).append(" simulated\n");
    text.append(small.scenario().text());
  }
}
