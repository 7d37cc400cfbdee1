package io.libprocess.simulation;

import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Hash;
import io.libprocess.simulation.engine.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * All that decides a run of a given function: the seed, how steps are chosen, what the network is
 * like, and what goes wrong. It is text, which can be kept, edited and replayed. Immutable.
 */
public final class Scenario {

  private static final String FIRST_LINE = "libprocess simulation scenario 1";

  private final long seed;
  private final SimulationConfig.Policy policy; // None of them SWARM.
  private final int depth;
  private final List<Long> changes; // Of priorities; null before it is known how long a run is.
  private final long fifoAfter;
  private final Latency latency;
  private final long window;
  private final double cutting;
  private final boolean chaos; // At the seams of the library, in a swarm.
  private final List<Fault> faults; // Null to draw them.

  private Scenario(
      long seed,
      SimulationConfig.Policy policy,
      int depth,
      List<Long> changes,
      long fifoAfter,
      Latency latency,
      long window,
      double cutting,
      boolean chaos,
      List<Fault> faults) {
    this.seed = seed;
    this.policy = policy;
    this.depth = depth;
    this.changes = changes;
    this.fifoAfter = fifoAfter;
    this.latency = latency;
    this.window = window;
    this.cutting = cutting;
    this.chaos = chaos;
    this.faults = faults;
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
    long window = 256 * 1024;
    double cutting = config.cutting();
    if (config.isSwarm()) {
      latency = swarmLatency(draws);
      window = 4096L << draws.below(11);
      cutting = draws.chance(0.3) ? draws.unit() : cutting;
    }
    return new Scenario(
        seed,
        policy,
        depth,
        null,
        Long.MAX_VALUE,
        config.latency().orElse(latency),
        config.window().orElse(window),
        cutting,
        config.chaos(),
        null);
  }

  private static Latency swarmLatency(Draws draws) {
    long most = draws.between(1, 100);
    return switch ((int) draws.below(4)) {
      case 0 -> Latency.fixed(Duration.ofMillis(1));
      case 1 -> Latency.uniform(Duration.ofNanos(100_000), Duration.ofMillis(most));
      case 2 -> Latency.longTail();
      default -> Latency.exponential(Duration.ofNanos(200_000), Duration.ofMillis(most / 10 + 1));
    };
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** The faults; empty if they are yet to be drawn. */
  public List<Fault> faults() {
    return faults == null ? List.of() : faults;
  }

  boolean drawsFaults() {
    return faults == null;
  }

  SimulationConfig.Policy policy() {
    return policy;
  }

  Latency latency() {
    return latency;
  }

  long window() {
    return window;
  }

  double cutting() {
    return cutting;
  }

  boolean chaos() {
    return chaos;
  }

  List<Long> changes() {
    return changes == null ? List.of() : changes;
  }

  /** Whether a run by the first policy has to say first how many steps there are. */
  boolean needsLength() {
    return policy == SimulationConfig.Policy.PCT && changes == null;
  }

  Schedule schedule() {
    long[] steps = changes().stream().mapToLong(Long::longValue).toArray();
    return new Schedule(policy.name(), steps, fifoAfter);
  }

  /** The same, with changes of priority drawn from a number of steps. */
  Scenario ofLength(long steps) {
    Draws draws = new Draws(seed, "pct", new Hash());
    List<Long> drawn =
        LongStream.range(1, depth)
            .map(i -> draws.between(1, Math.max(1, steps)))
            .sorted()
            .boxed()
            .toList();
    return withChanges(drawn);
  }

  Scenario withChanges(List<Long> some) {
    return new Scenario(
        seed, policy, depth, some, fifoAfter, latency, window, cutting, chaos, faults);
  }

  Scenario withFaults(List<Fault> some) {
    return new Scenario(
        seed,
        policy,
        depth,
        changes,
        fifoAfter,
        latency,
        window,
        cutting,
        chaos,
        List.copyOf(some));
  }

  /** The same, with faults that are drawn from the seed again. */
  Scenario withDrawnFaults() {
    return new Scenario(
        seed, policy, depth, changes, fifoAfter, latency, window, cutting, chaos, null);
  }

  Scenario withFifoAfter(long step) {
    return new Scenario(
        seed, policy, depth, changes, step, latency, window, cutting, chaos, faults);
  }

  Scenario withFifo() {
    return new Scenario(
        seed,
        SimulationConfig.Policy.FIFO,
        depth,
        List.of(),
        Long.MAX_VALUE,
        latency,
        window,
        cutting,
        chaos,
        faults);
  }

  /** The same, with a network on which little happens by chance, and no chaos at the seams. */
  Scenario withPlainNetwork() {
    return new Scenario(
        seed,
        policy,
        depth,
        changes,
        fifoAfter,
        Latency.fixed(Duration.ofMillis(1)),
        256 * 1024,
        0,
        false,
        faults);
  }

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
    Scenario read =
        new Scenario(
            0,
            SimulationConfig.Policy.FIFO,
            1,
            List.of(),
            Long.MAX_VALUE,
            Latency.fixed(Duration.ofMillis(1)),
            256 * 1024,
            0,
            false,
            List.of());
    List<Fault> faults = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = Arrays.asList(line.split(" +"));
      List<String> values = words.subList(1, words.size());
      try {
        if (words.get(0).equals("fault")) {
          faults.add(Fault.parse(values));
        } else if (!words.get(0).startsWith("#")) {
          read = read.with(words.get(0), values);
        }
      } catch (RuntimeException e) {
        throw new IllegalArgumentException("not a line of a scenario: '" + line + "'", e);
      }
    }
    return read.withFaults(faults);
  }

  private Scenario with(String name, List<String> values) {
    String first = values.isEmpty() ? "" : values.get(0);
    boolean isPolicy = name.equals("policy");
    return new Scenario(
        name.equals("seed") ? Long.parseLong(first) : seed,
        isPolicy ? SimulationConfig.Policy.valueOf(first) : policy,
        isPolicy ? Integer.parseInt(values.get(1)) : depth,
        name.equals("changes") ? values.stream().map(Long::valueOf).toList() : changes,
        name.equals("fifoAfter") ? Long.parseLong(first) : fifoAfter,
        name.equals("latency") ? Latency.parse(values) : latency,
        name.equals("window") ? Long.parseLong(first) : window,
        name.equals("cutting") ? Double.parseDouble(first) : cutting,
        name.equals("chaos") ? Boolean.parseBoolean(first) : chaos,
        faults);
  }

  /** The text, which {@link #parse} reads. */
  public String text() {
    StringBuilder text = new StringBuilder(FIRST_LINE);
    text.append("\nseed ").append(seed);
    text.append("\npolicy ").append(policy).append(' ').append(depth);
    text.append("\nchanges ")
        .append(changes().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    text.append("\nfifoAfter ").append(fifoAfter);
    text.append("\nlatency ").append(latency);
    text.append("\nwindow ").append(window);
    text.append("\ncutting ").append(cutting);
    text.append("\nchaos ").append(chaos);
    faults().forEach(fault -> text.append("\nfault ").append(fault.text()));
    return text.append('\n').toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
