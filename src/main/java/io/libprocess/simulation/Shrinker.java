package io.libprocess.simulation;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.internal.Saturating;
import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Hash;
import io.libprocess.simulation.engine.Schedule;
import io.libprocess.time.TimeSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Makes a failure smaller: looks for a scenario with less in it that fails by the same check. Lists
 * are made smaller by delta debugging (Zeller and Hildebrandt, 2002).
 *
 * <p>To leave out a fault changes all that happens later, so a list may well be one of which
 * nothing can be left out although fewer faults are enough. When nothing goes any more, parts of it
 * are tried with other numbers than those of the seed.
 */
final class Shrinker {

  private static final int MOST_RUNS = 500;
  private static final int MORE_RUNS = 4_000; // While more faults than enough are left.
  private static final long MOST_STEPS = 20_000_000; // Of all runs: about a minute.
  private static final long MOST_NANOS = 600_000_000_000L; // For steps that take very long.
  private static final int ENOUGH = 5; // Faults; as many are looked for until all is used up.
  private static final int EARLY = 80; // Tries with so few faults before any are left out.
  private static final int FEW = 2; // Faults, for fewer of which no other numbers are tried.
  private static final int IN_VAIN = 120; // So many tries with other numbers are enough.
  private static final long LEAST = 100_000; // Of latencies that are tried, in nanoseconds.
  private static final long MORE = 5_000_000;
  private static final int BLOCKS = 128; // Of choices; no smaller ones are looked at.
  private static final int FOR_CHOICES = 150; // Runs, even if the others are used up.

  private final SimulationConfig config;
  private final CheckedConsumer<? super World> world;
  private final RunOutcome original;
  private final Set<Integer> tried = new HashSet<>(); // The hashes of what was run.
  private final long begun = TimeSource.system().nanoTime();

  private RunOutcome smallest;
  private int runs;
  private int mostRuns = MOST_RUNS;
  private long steps;

  Shrinker(SimulationConfig config, CheckedConsumer<? super World> world, RunOutcome failed) {
    this.config = config;
    this.world = world;
    original = failed;
    smallest = failed;
  }

  /** The smallest failure that was found; the given one if none is smaller. */
  RunOutcome shrink() {
    dropLaterFaults();
    fewerKinds();
    Draws draws = new Draws(original.scenario().seed(), "few", new Hash());
    for (int i = 0; i < EARLY && scenario().faults().size() > ENOUGH && !isOver(); i++) {
      tryOthers(ENOUGH - i % 3, draws); // Runs with few faults are short ones, too.
    }
    shrinkAll();
    while (scenario().faults().size() > 1 && !isOver() && (joinFaults() || useOtherNumbers())) {
      shrinkAll();
    }
    mostRuns = Math.max(MOST_RUNS, runs + FOR_CHOICES);
    replaceChoices();
    return smallest;
  }

  int runs() {
    return runs;
  }

  /**
   * Whether all is used up that is spent on this. It is counted in runs and steps, so that the
   * result is the same on a busy machine; the time only ends what would take for ever.
   */
  private boolean isOver() {
    int most = scenario().faults().size() > ENOUGH ? MORE_RUNS : mostRuns;
    return runs >= most
        || steps >= MOST_STEPS
        || TimeSource.system().nanoTime() - begun > MOST_NANOS;
  }

  /** Keeps a scenario if it fails in the same way; whether it does. */
  private boolean tries(Scenario candidate) {
    if (isOver() || !tried.add(candidate.text().hashCode())) {
      return false;
    }
    runs++;
    RunOutcome outcome = SimulationRun.of(candidate, config, world);
    steps += outcome.steps();
    if (!outcome.failsAs(original)) {
      return false;
    }
    smallest = outcome;
    return true;
  }

  private Scenario scenario() {
    return smallest.scenario();
  }

  private static int size(Scenario scenario) {
    return scenario.faults().size() + scenario.changes().size() - scenario.without().size();
  }

  /** One thing after the other, until nothing goes. */
  private void shrinkAll() {
    boolean smaller = true;
    while (smaller && !isOver()) {
      final int before = size(scenario());
      boolean plainer = false;
      fewerKinds();
      smallestList(scenario().faults(), some -> scenario().withFaults(some));
      if (!original.waits()) { // Without hosts nothing ever happens.
        leaveHostsOut();
      }
      if (!scenario().hasPlainNetwork()) {
        plainer = tries(scenario().withPlainNetwork());
      }
      if (scenario().clocksAreFar()) {
        tries(scenario().withNearClocks());
      }
      smallestList(scenario().changes(), some -> scenario().withChanges(some));
      if (scenario().policy() != SimulationConfig.Policy.FIFO) {
        plainer |= tries(scenario().withFifo());
      }
      smaller = size(scenario()) < before || plainer && !scenario().faults().isEmpty();
    }
  }

  /** Faults behind the failure had nothing to do with it. */
  private void dropLaterFaults() {
    List<Fault> before =
        scenario().faults().stream()
            .filter(fault -> Saturating.nanos(fault.at()) <= smallest.nanos())
            .toList();
    if (before.size() < scenario().faults().size()) {
      tries(scenario().withFaults(before));
    }
  }

  /** All faults of a kind go together: a few runs are enough for most of a long list. */
  private void fewerKinds() {
    List<Fault> faults = scenario().faults();
    List<Fault.Kind> kinds = faults.stream().map(Fault::kind).distinct().toList();
    if (kinds.size() > 1) {
      smallestList(
          kinds,
          some ->
              scenario()
                  .withFaults(faults.stream().filter(one -> some.contains(one.kind())).toList()));
    }
  }

  /** Hosts that do nothing for the failure are never there. */
  private void leaveHostsOut() {
    int hosts = original.hosts().size();
    List<Integer> there =
        IntStream.range(0, hosts).boxed().filter(i -> !scenario().without().contains(i)).toList();
    smallestList(
        there,
        some ->
            scenario()
                .without(
                    IntStream.range(0, hosts).boxed().filter(i -> !some.contains(i)).toList()));
  }

  private <T> void smallestList(List<T> all, Function<List<T>, Scenario> with) {
    if (all.isEmpty() || tries(with.apply(List.of()))) {
      return;
    }
    List<T> left = all;
    int parts = 2;
    while (left.size() > 1 && !isOver()) {
      List<T> smaller = without(left, parts, with);
      if (smaller.size() == left.size() && parts >= left.size()) {
        return;
      }
      parts = smaller.size() == left.size() ? 2 * parts : Math.max(2, parts / 2);
      left = smaller;
      parts = Math.min(parts, Math.max(1, left.size()));
    }
  }

  /**
   * The list without as many of its parts as can be left out. What is last goes first: what is
   * before it stays as it was.
   */
  private <T> List<T> without(List<T> all, int parts, Function<List<T>, Scenario> with) {
    List<T> left = all;
    int size = Math.max(1, all.size() / parts);
    for (int to = all.size(); to > 0 && left.size() > 1; to -= size) {
      List<T> rest = new ArrayList<>(left);
      rest.subList(Math.max(0, to - size), to).clear();
      if (tries(with.apply(rest))) {
        left = rest;
      }
    }
    return left;
  }

  /**
   * One fault takes the place of two of its kind that concern the same, and lasts from the
   * beginning of one to the end of the other; whether that goes for any.
   */
  private boolean joinFaults() {
    boolean joined = false;
    for (int i = scenario().faults().size() - 1; i >= 0; i--) {
      List<Fault> faults = scenario().faults();
      Fault later = faults.get(Math.min(i, faults.size() - 1));
      for (int j = faults.indexOf(later) - 1; j >= 0; j--) {
        if (faults.get(j).concernsAs(later)) {
          List<Fault> fewer = new ArrayList<>(faults);
          fewer.set(j, faults.get(j).until(later.at().plus(later.lasting())));
          fewer.remove(later);
          if (tries(scenario().withFaults(fewer))) {
            joined = true;
            break;
          }
        }
      }
    }
    return joined;
  }

  /* ------ Other numbers ------ */

  /** Tries parts of the faults with numbers of other seeds; whether fewer were enough. */
  private boolean useOtherNumbers() {
    Draws draws = new Draws(original.scenario().seed(), "shrink", new Hash());
    boolean fewer = false;
    int inVain = 0;
    while (scenario().faults().size() > FEW && !isOver()) {
      int faults = scenario().faults().size();
      if (inVain >= IN_VAIN && faults <= ENOUGH) {
        break;
      }
      boolean found = tryOthers(size(faults, inVain), draws);
      fewer |= found;
      inVain = found ? 0 : inVain + 1;
    }
    return fewer;
  }

  /** Tries some of the faults, with the numbers of another seed. */
  private boolean tryOthers(int count, Draws draws) {
    List<Fault> some = some(scenario().faults(), count, draws);
    long seed = draws.next() >>> 1;
    Scenario candidate =
        switch ((int) draws.below(5)) {
          case 0 -> scenario().withSeed(seed);
          // Times are others, and what the hosts draw is the same.
          case 1, 2 -> scenario().withLatency(LEAST + draws.below(MORE));
          // What happens by chance on the network may be what it takes.
          case 3 -> scenario().withSeed(seed).withNetworkOf(original.scenario());
          default -> drawn(seed);
        };
    return tries(candidate.withFaults(some));
  }

  /** All but the faults as they are drawn for a seed. */
  private Scenario drawn(long seed) {
    Scenario drawn = Scenario.draw(seed, config).without(scenario().without());
    return drawn.needsLength() ? drawn.ofLength(original.steps()) : drawn;
  }

  /** How many faults are tried: a half, three quarters, and all but one, in turn. */
  private static int size(int faults, int turn) {
    return switch (turn % 3) {
      case 0 -> faults / 2;
      case 1 -> Math.min(faults - 1, faults * 3 / 4);
      default -> faults - 1;
    };
  }

  private static List<Fault> some(List<Fault> all, int count, Draws draws) {
    List<Fault> left = new ArrayList<>(all);
    while (left.size() > count) {
      left.remove((int) draws.below(left.size()));
    }
    return left;
  }

  /* ------ Choices ------ */

  /** The latest choices become those of FIFO: in blocks, of which each is half as large. */
  private void replaceChoices() {
    if (scenario().policy() == SimulationConfig.Policy.FIFO) {
      return;
    }
    List<Schedule.Block> fifo = new ArrayList<>(scenario().fifo());
    long least = Math.max(1, smallest.steps() / BLOCKS);
    for (long size = smallest.steps() / 2; size >= least && !isOver(); size /= 2) {
      for (long to = smallest.steps() + 1; to > 1 && !isOver(); to -= size) {
        Schedule.Block block = new Schedule.Block(Math.max(1, to - size), to);
        if (!isCovered(fifo, block)) {
          List<Schedule.Block> more = joined(fifo, block);
          if (tries(scenario().withFifo(more))) {
            fifo = more;
          }
        }
      }
    }
  }

  private static boolean isCovered(List<Schedule.Block> blocks, Schedule.Block one) {
    return blocks.stream().anyMatch(other -> other.from() <= one.from() && one.to() <= other.to());
  }

  /** The blocks with another one: ascending, and apart. */
  static List<Schedule.Block> joined(List<Schedule.Block> blocks, Schedule.Block one) {
    long from = one.from();
    long to = one.to();
    List<Schedule.Block> all = new ArrayList<>();
    for (Schedule.Block other : blocks) {
      if (other.to() < from || other.from() > to) {
        all.add(other);
      } else {
        from = Math.min(from, other.from());
        to = Math.max(to, other.to());
      }
    }
    all.add(new Schedule.Block(from, to));
    all.sort((a, b) -> Long.compare(a.from(), b.from()));
    return all;
  }
}
