package io.libprocess.simulation;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.internal.Log;
import io.libprocess.settings.Variables;
import io.libprocess.simulation.audit.ClassAudit;
import io.libprocess.simulation.engine.Problem;
import io.libprocess.time.TimeSource;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Runs whole clusters in one thread from one seed.
 *
 * <pre>{@code
 * @Test
 * void replicasAgree() {
 *   Simulation.explore(Simulation.seeds(1, 2000), SimulationConfig.swarm(), world -> {
 *     List<Host> hosts = world.hosts(3, host -> host.start().spawn(new Replica(host)));
 *     world.always("one leader in a term", () -> oneLeaderInATerm(hosts));
 *     world.runFor(Duration.ofMinutes(5));
 *     world.heal();
 *     world.eventually("all agree", Duration.ofSeconds(30), () -> sameLog(hosts));
 *   }).orThrow();
 * }
 * }</pre>
 *
 * <p>System properties, or environment variables such as {@code LIBPROCESS_SIMULATION_SEED}, change
 * what {@link #explore} runs: {@code -Dlibprocess.simulation.seed=1837} runs that seed alone,
 * {@code -Dlibprocess.simulation.seeds=1-100000} runs others than those in the code, {@code
 * -Dlibprocess.simulation.budget=60} ends it after so many seconds, and {@code
 * -Dlibprocess.simulation.trace=FILE} writes all lines of the trace of one seed to a file. Without
 * them a build always runs the same. The scenario of a failure is written to {@code
 * target/simulation}, or where {@code -Dlibprocess.simulation.scenarios=DIRECTORY} says.
 *
 * <p>Any thread may call; each call waits for its runs.
 */
public final class Simulation {

  private static final String VARIABLE = "LIBPROCESS_SIMULATION_";
  private static final long SECOND = 1_000_000_000L;

  private Simulation() {}

  /** The seeds from one number to another, both included. */
  public static LongStream seeds(long first, long last) {
    return LongStream.rangeClosed(first, last);
  }

  /**
   * Runs one seed.
   *
   * @param world makes the hosts, and lets time pass
   */
  public static SimulationReport run(
      long seed, SimulationConfig config, CheckedConsumer<? super World> world) {
    return report(first(seed, config, world), config, world);
  }

  /**
   * Runs a saved scenario: see {@link Scenario#parse}. It fails again if the code is the same. If
   * the code no longer asks the same questions, {@link SimulationReport#difference} says so, as
   * does the log.
   *
   * @param config says how long a step may take; all else is in the scenario
   */
  public static SimulationReport replay(
      Scenario scenario, SimulationConfig config, CheckedConsumer<? super World> world) {
    requireNonNull(world, "world");
    SimulationReport report =
        SimulationReport.of(SimulationRun.of(scenario, config, world), scenario);
    if (!report.difference().isEmpty()) {
      Log.warning("Seed " + scenario.seed() + " of a simulation: " + report.difference());
    }
    return report;
  }

  /**
   * Runs a scenario that was saved as text.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static SimulationReport replay(String text, CheckedConsumer<? super World> world) {
    return replay(Scenario.parse(text), SimulationConfig.standard(), world);
  }

  /**
   * Runs a scenario that was saved as a file.
   *
   * @throws UncheckedIOException if the file cannot be read
   * @throws IllegalArgumentException if it is none
   */
  public static SimulationReport replay(Path file, CheckedConsumer<? super World> world) {
    return replay(file, SimulationConfig.standard(), world);
  }

  /**
   * Runs a scenario that was saved as a file.
   *
   * @throws UncheckedIOException if the file cannot be read
   * @throws IllegalArgumentException if it is none
   */
  public static SimulationReport replay(
      Path file, SimulationConfig config, CheckedConsumer<? super World> world) {
    try {
      return replay(Scenario.parse(Files.readString(file)), config, world);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the scenario '" + file + "'", e);
    }
  }

  /**
   * Looks through class files for what makes a world another one in each run, as {@link
   * io.libprocess.simulation the rules} say.
   *
   * @param paths class files, or directories with them
   * @return a line for each call or class that is forbidden, such as {@code a.B uses
   *     java.lang.System.nanoTime}
   */
  public static List<String> audit(Path... paths) {
    return ClassAudit.of(List.of(paths));
  }

  /** The first run of a seed; for PCT, the one that says how long it is, if that fails already. */
  private static RunOutcome first(
      long seed, SimulationConfig config, CheckedConsumer<? super World> world) {
    requireNonNull(world, "world");
    Scenario scenario = Scenario.draw(seed, config);
    if (scenario.needsLength()) {
      RunOutcome length = SimulationRun.of(scenario.withFifo(), config, world);
      if (length.failed()) {
        return length;
      }
      scenario = scenario.ofLength(length.steps());
    }
    return SimulationRun.of(scenario, config, world);
  }

  private static SimulationReport report(
      RunOutcome outcome, SimulationConfig config, CheckedConsumer<? super World> world) {
    if (!outcome.failed()) {
      return SimulationReport.held(outcome);
    }
    boolean known = !outcome.hosts().isEmpty(); // What the run was like.
    RunOutcome failed = known && outcome.waits() ? explained(outcome, config, world) : outcome;
    Shrinker shrinker = new Shrinker(config, world, failed);
    Optional<RunOutcome> smallest =
        known && config.shrinks() ? Optional.of(shrinker.shrink()) : Optional.empty();
    long seed = outcome.scenario().seed();
    String file = ScenarioFile.write(seed, smallest.orElse(failed).scenario());
    return SimulationReport.failed(failed, smallest, shrinker.runs(), file);
  }

  /** The same failure, if that can be had, with more about the promises that were not kept. */
  private static RunOutcome explained(
      RunOutcome failed, SimulationConfig config, CheckedConsumer<? super World> world) {
    RunOutcome again = SimulationRun.explain(failed.scenario(), config, world);
    return again.failsAs(failed) && again.steps() == failed.steps() ? again : failed;
  }

  /* ------ Many seeds ------ */

  /**
   * Runs many seeds in order, until one fails or as many as are {@linkplain
   * SimulationConfig.Builder#failures asked for}.
   */
  public static Exploration explore(
      LongStream seeds, SimulationConfig config, CheckedConsumer<? super World> world) {
    Variables variables = Variables.ofJvm();
    Optional<String> only = variables.value(VARIABLE + "SEED");
    Optional<String> range = variables.value(VARIABLE + "SEEDS");
    OptionalLong budget =
        variables.value(VARIABLE + "BUDGET").stream().mapToLong(Long::parseLong).findAny();
    if (only.isPresent()) {
      long seed = Long.parseLong(only.get());
      variables.value(VARIABLE + "TRACE").ifPresent(file -> trace(seed, config, world, file));
      return explored(LongStream.of(seed), config, world, budget);
    }
    return explored(range.map(Simulation::parseSeeds).orElse(seeds), config, world, budget);
  }

  private static LongStream parseSeeds(String range) {
    int dash = range.indexOf('-', 1);
    return dash < 0
        ? LongStream.of(Long.parseLong(range))
        : seeds(
            Long.parseLong(range.substring(0, dash)), Long.parseLong(range.substring(dash + 1)));
  }

  private static Exploration explored(
      LongStream seeds,
      SimulationConfig config,
      CheckedConsumer<? super World> world,
      OptionalLong budget) {
    Collected collected = new Collected(config, world);
    long begun = TimeSource.system().nanoTime();
    PrimitiveIterator.OfLong next = seeds.iterator();
    Deque<Attempt> running = new ArrayDeque<>();
    while (!collected.isEnough()) {
      boolean inTime =
          budget.isEmpty() || TimeSource.system().nanoTime() - begun < budget.getAsLong() * SECOND;
      while (inTime && next.hasNext() && running.size() < config.threads()) {
        running.add(new Attempt(next.nextLong(), config, world));
      }
      if (running.isEmpty()) {
        break;
      }
      collected.add(running.poll().await());
    }
    running.forEach(Attempt::await); // Their threads end.
    return collected.result();
  }

  /** A seed that is being run. */
  private static final class Attempt {
    private final SimulationConfig config;
    private final CheckedConsumer<? super World> world;
    private final Scenario scenario;
    private final SimulationRun run;

    Attempt(long seed, SimulationConfig config, CheckedConsumer<? super World> world) {
      this.config = config;
      this.world = requireNonNull(world, "world");
      scenario = Scenario.draw(seed, config);
      run =
          SimulationRun.start(
              scenario.needsLength() ? scenario.withFifo() : scenario, config, world, null);
    }

    RunOutcome await() {
      RunOutcome outcome = run.await();
      return outcome.failed() || !scenario.needsLength()
          ? outcome
          : SimulationRun.of(scenario.ofLength(outcome.steps()), config, world);
    }
  }

  /** The outcomes of the seeds so far. */
  private static final class Collected {
    private final SimulationConfig config;
    private final CheckedConsumer<? super World> world;
    private final List<SimulationReport> failures = new ArrayList<>();
    private final Map<String, Integer> sometimes = new LinkedHashMap<>();
    private int runs;
    private long steps;

    Collected(SimulationConfig config, CheckedConsumer<? super World> world) {
      this.config = config;
      this.world = world;
    }

    boolean isEnough() {
      return failures.size() >= config.failures();
    }

    void add(RunOutcome outcome) {
      runs++;
      steps += outcome.steps();
      outcome
          .reached()
          .forEach((name, reached) -> sometimes.merge(name, reached ? 1 : 0, Integer::sum));
      RunOutcome judged = outcome;
      if (!outcome.failed() && config.verifyEvery() > 0 && (runs - 1) % config.verifyEvery() == 0) {
        judged = verified(outcome, config, world);
      }
      if (judged.failed() && !isEnough()) {
        failures.add(report(judged, config, world));
      }
    }

    Exploration result() {
      return new Exploration(runs, steps, List.copyOf(failures), sometimes);
    }
  }

  /** Runs the same again; the given outcome, or a failure if it was another run. */
  private static RunOutcome verified(
      RunOutcome outcome, SimulationConfig config, CheckedConsumer<? super World> world) {
    Scenario scenario = outcome.scenario();
    RunOutcome again = SimulationRun.of(scenario.withDrawnFaults(), config, world);
    if (again.hash() == outcome.hash()) {
      return outcome;
    }
    List<String> one = lines(scenario.withDrawnFaults(), config, world);
    List<String> other = lines(scenario.withDrawnFaults(), config, world);
    Problem problem =
        new Problem("NOT_DETERMINISTIC", difference(one, other), null, 0, outcome.steps());
    return new RunOutcome(
        scenario,
        problem,
        outcome.steps(),
        outcome.nanos(),
        outcome.hash(),
        List.of(),
        List.of(),
        Map.of(),
        outcome.points(),
        outcome.timeline(),
        outcome.last());
  }

  private static List<String> lines(
      Scenario scenario, SimulationConfig config, CheckedConsumer<? super World> world) {
    List<String> lines = new ArrayList<>();
    SimulationRun.start(scenario, config, world, lines::add).await();
    return lines;
  }

  private static String difference(List<String> one, List<String> other) {
    int at = 0;
    while (at < Math.min(one.size(), other.size()) && one.get(at).equals(other.get(at))) {
      at++;
    }
    StringBuilder text = new StringBuilder("the same seed ran twice, and not the same way\n");
    for (String line : one.subList(Math.max(0, at - 10), at)) {
      text.append("  ").append(line).append('\n');
    }
    text.append("first:  ").append(at < one.size() ? one.get(at) : "the end").append('\n');
    return text.append("second: ").append(at < other.size() ? other.get(at) : "the end").toString();
  }

  /** Writes the trace of a seed to a file. */
  private static void trace(
      long seed, SimulationConfig config, CheckedConsumer<? super World> world, String file) {
    Scenario scenario = first(seed, config, world).scenario().withDrawnFaults();
    try (BufferedWriter out = Files.newBufferedWriter(Path.of(file))) {
      Consumer<String> writer =
          line -> {
            try {
              out.write(line);
              out.newLine();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      SimulationRun.start(scenario, config, world, writer).await();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the trace to '" + file + "'", e);
    }
  }
}
