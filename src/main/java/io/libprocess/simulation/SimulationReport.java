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

  private final RunOutcome outcome;
  private final Optional<RunOutcome> shrunk;
  private final int runs;
  private final String file; // Empty if none was written.
  private final String difference;

  private SimulationReport(
      RunOutcome outcome, Optional<RunOutcome> shrunk, int runs, String file, String difference) {
    this.outcome = outcome;
    this.shrunk = shrunk;
    this.runs = runs;
    this.file = file;
    this.difference = difference;
  }

  /** The report of a run in which all held. */
  static SimulationReport held(RunOutcome outcome) {
    return new SimulationReport(outcome, Optional.empty(), 0, "", "");
  }

  /**
   * The report of a failure.
   *
   * @param runs how many were needed to find the smallest
   * @param file where the scenario is, or why it is nowhere
   */
  static SimulationReport failed(
      RunOutcome outcome, Optional<RunOutcome> shrunk, int runs, String file) {
    return new SimulationReport(outcome, shrunk, runs, file, "");
  }

  /** The report of a scenario that was run again. */
  static SimulationReport of(RunOutcome again, Scenario saved) {
    String text =
        saved
            .footprint()
            .map(before -> before.difference(again.scenario().footprint().orElseThrow()))
            .filter(different -> !different.isEmpty())
            .map(
                different ->
                    "this is not the run that was saved, for the code no longer asks the same"
                        + " questions: "
                        + different)
            .orElse("");
    return new SimulationReport(again, Optional.empty(), 0, "", text);
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
    return shrunk.map(RunOutcome::scenario);
  }

  /** The last lines of the trace, of the smallest failure if there is one. */
  public List<String> trace() {
    return shrunk.orElse(outcome).last().get();
  }

  /**
   * When hosts started and failed, what went wrong, and what was marked: lines with a column for
   * each host, of which the first has their names.
   */
  public List<String> timeline() {
    return shrunk.orElse(outcome).timeline().lines();
  }

  /**
   * In what a scenario that was replayed has gone another way than when it was saved, because the
   * code no longer asks the same questions; empty if it has not, if the scenario was edited, or if
   * nothing was replayed.
   */
  public String difference() {
    return difference;
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
    return failed() ? failureText() : heldText();
  }

  private String run() {
    return outcome.scenario().policyText() + ", " + outcome.hosts().size() + " hosts";
  }

  private String build() {
    return "JDK "
        + java.lang.Runtime.version().feature()
        + String.format(", trace %016x", outcome.hash());
  }

  private String heldText() {
    return ("Simulation of seed " + seed() + " held for " + Engine.text(outcome.nanos()))
        + (" and " + outcome.steps() + " steps: " + run() + "; " + build())
        + (difference.isEmpty() ? "" : "\nNote: " + difference);
  }

  private String failureText() {
    Problem problem = outcome.problem();
    StringBuilder text = new StringBuilder("Simulation failed: ");
    text.append(problem.check()).append(" at ").append(Engine.text(problem.time()));
    text.append(" after ").append(problem.step()).append(" steps\n");
    indented(problem.message().lines().toList(), text);
    if (!difference.isEmpty()) {
      text.append("Note: ").append(difference).append('\n');
    }
    text.append("Seed ").append(seed()).append(", ").append(run()).append(", faults: ");
    text.append(kinds()).append("; ").append(build()).append('\n');
    List<String> points = shrunk.orElse(outcome).points();
    if (!points.isEmpty()) {
      text.append("Points of chaos: ").append(String.join(", ", points)).append('\n');
    }
    shrunk.ifPresent(small -> describe(small, text));
    text.append("Timeline\n");
    indented(timeline(), text);
    text.append("Last steps\n");
    indented(trace(), text);
    text.append("Again: -Dlibprocess.simulation.seed=").append(seed());
    if (!file.isEmpty()) {
      text.append(shrunk.isPresent() ? "   shrunk: " : "   scenario: ").append(file);
    }
    return text.toString();
  }

  private static void indented(List<String> lines, StringBuilder text) {
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
  }

  private String kinds() {
    String kinds =
        outcome.scenario().faults().stream()
            .map(fault -> fault.kind().name())
            .distinct()
            .collect(Collectors.joining(", "));
    return kinds.isEmpty() ? "none" : kinds;
  }

  private void describe(RunOutcome small, StringBuilder text) {
    Scenario left = small.scenario();
    Scenario all = outcome.scenario();
    text.append("Shrunk in ").append(runs).append(" runs: ");
    text.append(left.faults().size()).append(" of ").append(all.faults().size());
    text.append(" faults, ").append(left.changes().size()).append(" of ");
    text.append(all.changes().size()).append(" changes of priority, ");
    int hosts = outcome.hosts().size();
    text.append(hosts - left.without().size()).append(" of ").append(hosts);
    text.append(" hosts left, ").append(Engine.text(small.nanos())).append(" simulated");
    text.append("; ").append(left.policyText()).append(", latency ").append(left.latency());
    if (left.seed() != all.seed()) {
      text.append(", with the numbers of seed ").append(left.seed());
    }
    text.append('\n');
    indented(small.faults(), text);
  }
}
