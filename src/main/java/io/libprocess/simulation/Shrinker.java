package io.libprocess.simulation;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes a failure smaller: looks for a scenario with less in it that fails by the same check. The
 * list of faults and that of changes of priority are made smaller by delta debugging (Zeller and
 * Hildebrandt, 2002).
 */
final class Shrinker {

  private static final int MOST_RUNS = 500;
  private static final long MOST_NANOS = 60_000_000_000L;

  private final SimulationConfig config;
  private final CheckedConsumer<? super World> world;
  private final Outcome original;
  private final long begun = TimeSource.system().nanoTime();

  private Outcome smallest;
  private int runs;

  Shrinker(SimulationConfig config, CheckedConsumer<? super World> world, Outcome failed) {
    this.config = config;
    this.world = world;
    original = failed;
    smallest = failed;
  }

  /** The smallest failure that was found; the given one if none is smaller. */
  Outcome shrink() {
    dropLaterFaults();
    boolean smaller = true;
    while (smaller && !isOver()) {
      int faults = smallest.scenario().faults().size();
      int changes = smallest.scenario().changes().size();
      smallestList(smallest.scenario().faults(), smallest.scenario()::withFaults);
      tries(smallest.scenario().withPlainNetwork());
      smallestList(smallest.scenario().changes(), smallest.scenario()::withChanges);
      smaller =
          smallest.scenario().faults().size() < faults
              || smallest.scenario().changes().size() < changes;
    }
    if (!tries(smallest.scenario().withFifo())) {
      shortenChoices();
    }
    return smallest;
  }

  int runs() {
    return runs;
  }

  private boolean isOver() {
    return runs >= MOST_RUNS || TimeSource.system().nanoTime() - begun > MOST_NANOS;
  }

  /** Keeps a scenario if it fails in the same way; whether it does. */
  private boolean tries(Scenario candidate) {
    if (isOver()) {
      return false;
    }
    runs++;
    Outcome outcome = Run.of(candidate, config, world);
    if (!outcome.failsAs(original)) {
      return false;
    }
    smallest = outcome;
    return true;
  }

  /** Faults behind the failure had nothing to do with it. */
  private void dropLaterFaults() {
    List<Fault> before =
        smallest.scenario().faults().stream()
            .filter(fault -> fault.at().toNanos() <= smallest.nanos())
            .toList();
    if (before.size() < smallest.scenario().faults().size()) {
      tries(smallest.scenario().withFaults(before));
    }
  }

  private <T> void smallestList(List<T> all, Function<List<T>, Scenario> with) {
    if (all.isEmpty() || tries(with.apply(List.of()))) {
      return;
    }
    List<T> left = all;
    int parts = 2;
    while (left.size() > 1 && parts <= left.size() && !isOver()) {
      List<T> smaller = without(left, parts, with);
      if (smaller == null) {
        parts = parts == left.size() ? left.size() + 1 : Math.min(left.size(), 2 * parts);
      } else {
        left = smaller;
        parts = Math.max(2, parts - 1);
      }
    }
  }

  /** The list without one of its parts, if that fails too; else null. */
  private <T> List<T> without(List<T> all, int parts, Function<List<T>, Scenario> with) {
    for (int i = 0; i < parts; i++) {
      List<T> rest = new ArrayList<>(all);
      rest.subList(i * all.size() / parts, (i + 1) * all.size() / parts).clear();
      if (tries(with.apply(rest))) {
        return rest;
      }
    }
    return null;
  }

  /** From as early a step as possible on the oldest step is taken. */
  private void shortenChoices() {
    long enough = smallest.steps();
    long tooFew = 0;
    while (enough - tooFew > 1 && !isOver()) {
      long middle = (enough + tooFew) >>> 1;
      if (tries(smallest.scenario().withFifoAfter(middle))) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
  }
}
