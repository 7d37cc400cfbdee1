package io.libprocess.simulation;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The results of many runs. Immutable.
 *
 * @param runs how many there were
 * @param steps how many steps they took together
 * @param failures the first of those that failed, in order of their seeds
 * @param sometimes in how many runs each state was reached that was hoped for
 */
public record Exploration(
    int runs, long steps, List<SimulationReport> failures, Map<String, Integer> sometimes) {

  /** Those that were hoped for in vain. */
  public List<String> neverReached() {
    return sometimes.entrySet().stream()
        .filter(entry -> entry.getValue() == 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Does nothing if no run failed, and every state was reached that was hoped for.
   *
   * @throws SimulationFailure with the report of the first failure, or the states
   */
  public void orThrow() {
    if (!failures.isEmpty()) {
      failures.get(0).orThrow();
    }
    if (!neverReached().isEmpty()) {
      throw new SimulationFailure(
          "in " + runs + " runs there was never: " + String.join(", ", neverReached()), null);
    }
  }

  /** How much was run, and what failed. */
  @Override
  public String toString() {
    return runs
        + (" runs, " + steps + " steps, " + sometimes)
        + failures.stream().map(one -> "\n" + one).collect(Collectors.joining());
  }
}
