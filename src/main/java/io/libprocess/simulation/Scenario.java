package io.libprocess.simulation;

import io.libprocess.internal.Saturating;
import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.Hash;
import io.libprocess.simulation.engine.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * All that decides a run of a given function: the seed, how steps are chosen, what the network is
 * like, and what goes wrong. It is text, which can be kept, edited and replayed. Immutable.
 */
public final class Scenario {

  private static final String FIRST_LINE = "libprocess simulation scenario 1";
  private static final long USUAL_WINDOW = 256 * 1024;
  private static final double FAR_CLOCKS = 0.1; // Of the seeds of a swarm.
  private static final Latency PLAIN = Latency.fixed(Duration.ofMillis(1));

  /**
   * What a run that was saved has asked and done.
   *
   * @param text the hash of the scenario's other lines: another one if they were edited; empty if
   *     the scenario has not been text since
   * @param hash that of the trace
   * @param draws how many numbers were drawn of each stream
   */
  record Footprint(OptionalInt text, long steps, long nanos, long hash, Map<String, Long> draws) {

    String line(int ofText) {
      return Integer.toHexString(text.orElse(ofText))
          + (" " + steps + " " + nanos + " " + Long.toHexString(hash))
          + new TreeMap<>(draws)
              .entrySet().stream()
                  .map(one -> " " + one.getKey().replace(' ', '_') + "=" + one.getValue())
                  .collect(Collectors.joining());
    }

    static Footprint parse(List<String> words) {
      Map<String, Long> draws = new TreeMap<>();
      for (String word : words.subList(4, words.size())) {
        int at = word.lastIndexOf('=');
        draws.put(word.substring(0, at), Long.parseLong(word.substring(at + 1)));
      }
      return new Footprint(
          OptionalInt.of(Integer.parseUnsignedInt(words.get(0), 16)),
          Long.parseLong(words.get(1)),
          Long.parseLong(words.get(2)),
          Long.parseUnsignedLong(words.get(3), 16),
          draws);
    }

    /** What another run has done otherwise; empty if nothing. */
    String difference(Footprint other) {
      if (hash == other.hash && steps == other.steps) {
        return "";
      }
      Map<String, Long> now = new TreeMap<>();
      other.draws.forEach((name, count) -> now.put(name.replace(' ', '_'), count));
      Map<String, Long> names = new TreeMap<>(now);
      names.putAll(draws);
      List<String> drawn = new ArrayList<>();
      for (String name : names.keySet()) {
        long before = draws.getOrDefault(name, 0L);
        long after = now.getOrDefault(name, 0L);
        if (before != after) {
          drawn.add(after + " draws of '" + name + "' instead of " + before);
        }
      }
      return (other.steps + " steps instead of " + steps)
          + (" in " + Engine.text(other.nanos) + " instead of " + Engine.text(nanos))
          + drawn.stream().map(one -> ", " + one).collect(Collectors.joining());
    }
  }

  /** The parts, while they are changed. */
  private static final class Parts implements Cloneable {
    private long seed;
    private SimulationConfig.Policy policy = SimulationConfig.Policy.FIFO; // Never SWARM.
    private int depth = 1;
    private List<Long> changes =
        List.of(); // Of priorities; null before it is known how long it is.
    private List<Schedule.Block> fifo = List.of(); // Where the oldest step is taken.
    private Latency latency = PLAIN;
    private long window = USUAL_WINDOW;
    private double cutting;
    private boolean swarm;
    private boolean chaos; // At the seams of the library, in a swarm.
    private boolean farClocks; // Wall clocks of hosts are hours apart, in a swarm.
    private long leastCost = 1_000;
    private long mostCost = 20_000;
    private long limit = Saturating.nanos(Duration.ofMinutes(10));
    private long steps = 10_000_000;
    private boolean checkLeaks = true;
    private List<Integer> without = List.of(); // The indexes of hosts that are never there.
    private List<Fault> faults = List.of(); // Null to draw them.
    private Footprint ran; // Null if it has not been run.

    Parts copy() {
      try {
        return (Parts) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private final Parts parts; // Not changed any more.

  private Scenario(Parts parts) {
    this.parts = parts;
  }

  private Scenario with(Consumer<Parts> change) {
    Parts changed = parts.copy();
    changed.ran = null;
    change.accept(changed);
    return new Scenario(changed);
  }

  /** The scenario that a configuration and a seed determine. */
  static Scenario draw(long seed, SimulationConfig config) {
    Draws draws = new Draws(seed, "swarm", new Hash());
    double kind = draws.unit();
    SimulationConfig.Policy policy = config.policy();
    int depth = config.depth();
    if (policy == SimulationConfig.Policy.SWARM) {
      policy =
          kind < 0.1
              ? SimulationConfig.Policy.FIFO
              : kind < 0.6 ? SimulationConfig.Policy.RANDOM : SimulationConfig.Policy.PCT;
      depth = (int) draws.between(2, 5);
    }
    Latency latency = Latency.exponential(Duration.ofNanos(200_000), Duration.ofMillis(1));
    long window = USUAL_WINDOW;
    double cutting = config.cutting();
    if (config.isSwarm()) {
      latency = swarmLatency(draws);
      window = 4096L << draws.below(11);
      cutting = draws.chance(0.3) ? draws.unit() : cutting;
    }
    Parts drawn = new Parts();
    drawn.seed = seed;
    drawn.policy = policy;
    drawn.depth = depth;
    drawn.changes = null;
    drawn.latency = config.latency().orElse(latency);
    drawn.window = config.window().orElse(window);
    drawn.cutting = cutting;
    drawn.swarm = config.isSwarm();
    drawn.chaos = config.chaos();
    drawn.leastCost = config.leastCost();
    drawn.mostCost = config.mostCost();
    drawn.limit = Saturating.nanos(config.limit());
    drawn.steps = config.steps();
    drawn.checkLeaks = config.checksLeaks();
    drawn.faults = null;
    drawn.farClocks = config.isSwarm() && draws.chance(FAR_CLOCKS);
    return new Scenario(drawn);
  }

  private static Latency swarmLatency(Draws draws) {
    long most = draws.between(1, 100);
    return switch ((int) draws.below(4)) {
      case 0 -> PLAIN;
      case 1 -> Latency.uniform(Duration.ofNanos(100_000), Duration.ofMillis(most));
      case 2 -> Latency.longTail();
      default -> Latency.exponential(Duration.ofNanos(200_000), Duration.ofMillis(most / 10 + 1));
    };
  }

  /* ------ Reading ------ */

  /** The seed. */
  public long seed() {
    return parts.seed;
  }

  /** The faults; empty if they are yet to be drawn. */
  public List<Fault> faults() {
    return parts.faults == null ? List.of() : parts.faults;
  }

  boolean drawsFaults() {
    return parts.faults == null;
  }

  SimulationConfig.Policy policy() {
    return parts.policy;
  }

  /** The policy, for people. */
  String policyText() {
    return parts.policy == SimulationConfig.Policy.PCT
        ? "PCT(" + parts.depth + ")"
        : parts.policy.name();
  }

  Latency latency() {
    return parts.latency;
  }

  long window() {
    return parts.window;
  }

  double cutting() {
    return parts.cutting;
  }

  boolean isSwarm() {
    return parts.swarm;
  }

  boolean chaos() {
    return parts.chaos;
  }

  /** Whether the wall clocks of hosts are up to two hours apart, rather than a second. */
  boolean clocksAreFar() {
    return parts.farClocks;
  }

  boolean checksLeaks() {
    return parts.checkLeaks;
  }

  Engine.Limits limits() {
    return new Engine.Limits(parts.limit, parts.steps, parts.leastCost, parts.mostCost);
  }

  List<Integer> without() {
    return parts.without;
  }

  List<Long> changes() {
    return parts.changes == null ? List.of() : parts.changes;
  }

  List<Schedule.Block> fifo() {
    return parts.fifo;
  }

  /** Whether a run by the first policy has to say first how many steps there are. */
  boolean needsLength() {
    return parts.policy == SimulationConfig.Policy.PCT && parts.changes == null;
  }

  Schedule schedule() {
    long[] steps = changes().stream().mapToLong(Long::longValue).toArray();
    return new Schedule(parts.policy.name(), steps, parts.fifo);
  }

  /* ------ Others ------ */

  /** The same, with changes of priority drawn from a number of steps. */
  Scenario ofLength(long steps) {
    Draws draws = new Draws(parts.seed, "pct", new Hash());
    List<Long> drawn =
        LongStream.range(1, parts.depth)
            .map(i -> draws.between(1, Math.max(1, steps)))
            .sorted()
            .boxed()
            .toList();
    return withChanges(drawn);
  }

  Scenario withChanges(List<Long> some) {
    return with(to -> to.changes = List.copyOf(some));
  }

  Scenario withFaults(List<Fault> some) {
    return with(to -> to.faults = List.copyOf(some));
  }

  /** The same, with faults that are drawn from the seed again. */
  Scenario withDrawnFaults() {
    return with(to -> to.faults = null);
  }

  /** The same, with other numbers drawn: all that is written here stays as it is. */
  Scenario withSeed(long other) {
    return with(to -> to.seed = other);
  }

  /** The same without some hosts, by their indexes. */
  Scenario without(List<Integer> hosts) {
    return with(to -> to.without = List.copyOf(hosts));
  }

  /** The same, but the oldest step is taken in some places, whatever the policy. */
  Scenario withFifo(List<Schedule.Block> blocks) {
    return with(to -> to.fifo = List.copyOf(blocks));
  }

  Scenario withFifo() {
    return with(
        to -> {
          to.policy = SimulationConfig.Policy.FIFO;
          to.changes = List.of();
          to.fifo = List.of();
        });
  }

  boolean hasPlainNetwork() {
    return parts.latency == PLAIN && parts.cutting == 0 && !parts.chaos;
  }

  /** The same, with a network on which little happens by chance, and no chaos at the seams. */
  Scenario withPlainNetwork() {
    return with(
        to -> {
          to.latency = PLAIN;
          to.window = USUAL_WINDOW;
          to.cutting = 0;
          to.chaos = false;
        });
  }

  /** The same, but the wall clocks of hosts are not far apart. */
  Scenario withNearClocks() {
    return with(to -> to.farClocks = false);
  }

  /** The same, with a fixed latency in nanoseconds. */
  Scenario withLatency(long nanos) {
    return with(to -> to.latency = Latency.fixed(Duration.ofNanos(nanos)));
  }

  /** The same, with the network of another one. */
  Scenario withNetworkOf(Scenario other) {
    return with(
        to -> {
          to.latency = other.parts.latency;
          to.window = other.parts.window;
          to.cutting = other.parts.cutting;
          to.chaos = other.parts.chaos;
        });
  }

  /* ------ What it did ------ */

  /** The same, with what a run of it has done. */
  Scenario ran(long steps, long nanos, long hash, Map<String, Long> draws) {
    Footprint done = new Footprint(OptionalInt.empty(), steps, nanos, hash, draws);
    return with(to -> to.ran = done);
  }

  /** What this scenario's run was like; empty if it has not been run, or was edited since. */
  Optional<Footprint> footprint() {
    return Optional.ofNullable(parts.ran)
        .filter(ran -> ran.text().isEmpty() || ran.text().getAsInt() == body().hashCode());
  }

  /* ------ Text ------ */

  /**
   * Reads a scenario.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Scenario parse(String text) {
    List<String> lines = text.lines().map(String::trim).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty() || !lines.get(0).equals(FIRST_LINE)) {
      throw new IllegalArgumentException("a scenario begins with '" + FIRST_LINE + "'");
    }
    Parts read = new Parts();
    List<Fault> faults = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = Arrays.asList(line.split(" +"));
      List<String> values = words.subList(1, words.size());
      try {
        if (words.get(0).equals("fault")) {
          faults.add(Fault.parse(values));
        } else if (!words.get(0).startsWith("#")) {
          read(words.get(0), values, read);
        }
      } catch (RuntimeException e) {
        throw new IllegalArgumentException("not a line of a scenario: '" + line + "'", e);
      }
    }
    read.faults = List.copyOf(faults);
    return new Scenario(read);
  }

  private static void read(String name, List<String> values, Parts to) {
    String first = values.isEmpty() ? "" : values.get(0);
    switch (name) {
      case "seed" -> to.seed = Long.parseLong(first);
      case "policy" -> {
        to.policy = SimulationConfig.Policy.valueOf(first);
        to.depth = Integer.parseInt(values.get(1));
      }
      case "changes" -> to.changes = values.stream().map(Long::valueOf).toList();
      case "fifo" -> to.fifo = values.stream().map(Scenario::block).toList();
      case "latency" -> to.latency = Latency.parse(values);
      case "window" -> to.window = Long.parseLong(first);
      case "cutting" -> to.cutting = Double.parseDouble(first);
      case "swarm" -> to.swarm = Boolean.parseBoolean(first);
      case "chaos" -> to.chaos = Boolean.parseBoolean(first);
      case "clocks" -> to.farClocks = first.equals("far");
      case "cost" -> {
        to.leastCost = Long.parseLong(first);
        to.mostCost = Long.parseLong(values.get(1));
      }
      case "limit" -> {
        to.limit = Long.parseLong(first);
        to.steps = Long.parseLong(values.get(1));
      }
      case "leaks" -> to.checkLeaks = Boolean.parseBoolean(first);
      case "without" -> to.without = values.stream().map(Integer::valueOf).toList();
      case "ran" -> to.ran = Footprint.parse(values);
      default -> throw new IllegalArgumentException("nothing is called '" + name + "'");
    }
  }

  private static Schedule.Block block(String text) {
    String[] ends = text.split("-");
    return new Schedule.Block(Long.parseLong(ends[0]), Long.parseLong(ends[1]));
  }

  private static String joined(List<?> values) {
    return values.stream().map(one -> " " + one).collect(Collectors.joining());
  }

  private String body() {
    StringBuilder text = new StringBuilder(FIRST_LINE);
    text.append("\nseed ").append(parts.seed);
    text.append("\npolicy ").append(parts.policy).append(' ').append(parts.depth);
    text.append("\nchanges").append(joined(changes()));
    text.append("\nfifo");
    parts.fifo.forEach(block -> text.append(' ').append(block.from() + "-" + block.to()));
    text.append("\nlatency ").append(parts.latency);
    text.append("\nwindow ").append(parts.window);
    text.append("\ncutting ").append(parts.cutting);
    text.append("\nswarm ").append(parts.swarm);
    text.append("\nchaos ").append(parts.chaos);
    text.append("\nclocks ").append(parts.farClocks ? "far" : "near");
    text.append("\ncost ").append(parts.leastCost).append(' ').append(parts.mostCost);
    text.append("\nlimit ").append(parts.limit).append(' ').append(parts.steps);
    text.append("\nleaks ").append(parts.checkLeaks);
    text.append("\nwithout").append(joined(parts.without));
    faults().forEach(fault -> text.append("\nfault ").append(fault.text()));
    return text.append('\n').toString();
  }

  /** The text, which {@link #parse} reads. */
  public String text() {
    String body = body();
    return parts.ran == null ? body : body + "ran " + parts.ran.line(body.hashCode()) + "\n";
  }

  @Override
  public String toString() {
    return text();
  }
}
