package io.libprocess.simulation;

import static java.util.Objects.requireNonNull;

import io.libprocess.Node;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.internal.Saturating;
import io.libprocess.simulation.engine.Chance;
import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.InWorld;
import io.libprocess.simulation.engine.StepTrace;
import io.libprocess.simulation.network.SimulatedNetwork;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A simulated world, as the function sees it that is given to {@link Simulation#run}. Time stands
 * still while that function runs, and passes in {@link #runFor}, {@link #runUntil}, {@link #await}
 * and {@link #step} only. For the thread that the function runs on; processes may call {@link
 * #check}, {@link #mark}, {@link #now} and {@link #random} too.
 */
public final class World {

  /** The name of the check that no promise is left. */
  static final String KEPT = "every promise is kept";

  /** How the names of the checks begin that something was waited for in vain. */
  static final String EVENTUALLY = "eventually ";

  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");
  private static final long HOUR = 3_600_000_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private final Engine engine;
  private final SimulatedNetwork links;
  private final Network network;
  private final Scenario scenario;
  private final SimulationConfig config;
  private final Chance chance;
  private final List<Host> hosts = new ArrayList<>();
  private final Properties properties = new Properties(this);
  private final List<Class<? extends Throwable>> expected = new ArrayList<>();
  private final Timeline timeline = new Timeline();
  private final History history = new History(this);

  private List<Fault> plan = List.of();
  private final Set<Fault> skipped = new HashSet<>(); // By value.
  private boolean planned;
  private boolean healed;
  private boolean over;

  World(Engine engine, SimulatedNetwork links, Scenario scenario, SimulationConfig config) {
    this.engine = engine;
    this.links = links;
    this.scenario = scenario;
    this.config = config;
    network = new Network(engine, links, this);
    chance = new Chance(engine);
    if (scenario.isSwarm() && scenario.chaos()) {
      chance.disturbSeams();
    }
    engine.afterStep(properties::afterStep);
  }

  Engine engine() {
    return engine;
  }

  SimulatedNetwork links() {
    return links;
  }

  Chance chance() {
    return chance;
  }

  /** The world that the calling thread belongs to; null if it belongs to none. */
  static World current() {
    Engine running = InWorld.current();
    return running == null ? null : SimulationRun.worldOf(running);
  }

  /* ------ Hosts ------ */

  /** Adds a host and starts it. */
  public Host host(String name, CheckedConsumer<? super Host> boot) {
    return add(name, false, boot);
  }

  /** Adds some hosts, named h1, h2 and so on, and starts them. */
  public List<Host> hosts(int count, CheckedConsumer<? super Host> boot) {
    List<Host> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      added.add(host("h" + (hosts.size() + 1), boot));
    }
    return List.copyOf(added);
  }

  /** Adds a host that no fault of a plan lets fail, though its network is as that of others. */
  public Host client(String name, CheckedConsumer<? super Host> boot) {
    return add(name, true, boot);
  }

  private Host add(String name, boolean client, CheckedConsumer<? super Host> boot) {
    requireNonNull(boot, "boot");
    if (hosts.stream().anyMatch(host -> host.name().equals(name))) {
      throw new IllegalArgumentException("there is a host '" + name + "' already");
    }
    Host host = new Host(this, hosts.size(), name, client, boot);
    hosts.add(host);
    links.add(name);
    timeline.host(name);
    if (scenario.without().contains(host.index())) {
      host.leaveOut();
    } else {
      host.boot(clockOffset(host));
    }
    return host;
  }

  /** All hosts, in order of their index. */
  public List<Host> hosts() {
    return List.copyOf(hosts);
  }

  /** The network between the hosts. */
  public Network network() {
    return network;
  }

  /**
   * How far the wall clock of a host that starts is ahead of that of the world: up to a second, and
   * in each tenth seed up to two hours, which is an hour around the middle. None is behind, so that
   * no clock of a host begins before the world.
   */
  long clockOffset(Host host) {
    if (!scenario.isSwarm() || healed) {
      return 0;
    }
    Draws draws = engine.draws("offset", host.name() + "@" + engine.time() / 1_000_000);
    return draws.below(scenario.clocksAreFar() ? 2 * HOUR : SECOND);
  }

  /* ------ Faults ------ */

  /**
   * Lets things go wrong from now on, instead of what the configuration says. A scenario that is
   * replayed brings its own plan.
   *
   * @throws IllegalStateException if a plan has begun already
   */
  public void faults(Faults faults) {
    if (planned) {
      throw new IllegalStateException("faults have begun already");
    }
    planned = true;
    long servers = hosts.stream().filter(host -> !host.isClient()).count();
    plan =
        scenario.drawsFaults()
            ? faults.plan(engine.planDraws(), (int) servers, hosts.size(), config.limit())
            : scenario.faults();
    int most = faults.downAtOnce((int) servers);
    for (Fault fault : plan) {
      engine.at(Saturating.nanos(fault.at()), () -> begin(fault, most));
    }
  }

  private void begin(Fault fault, int mostDown) {
    if (healed || over) {
      return;
    }
    List<Host> servers = servers();
    if (servers.isEmpty()) {
      return;
    }
    Host host = servers.get(Math.floorMod(fault.host(), servers.size()));
    switch (fault.kind()) {
      case CRASH, CRASH_LOSING_STORE, STOP -> {
        if (scenario.drawsFaults()
            && servers.stream().filter(one -> !one.isUp()).count() >= mostDown) {
          skipped.add(fault);
          return;
        }
        host.begin(fault);
      }
      case PAUSE, SLOW, DRIFT, LATE_TIMERS -> host.begin(fault);
      default -> {
        event(StepTrace.Kind.FAULT, null, fault.describe(names(servers), names(hosts)));
        network.begin(fault, hosts.size());
      }
    }
  }

  /** Those that faults of a plan may let fail. */
  List<Host> servers() {
    return hosts.stream().filter(host -> !host.isClient()).toList();
  }

  static List<String> names(List<Host> some) {
    return some.stream().map(Host::name).toList();
  }

  /** The faults of the plan, without those that did not begin because too many hosts were down. */
  List<Fault> plan() {
    return skipped.isEmpty()
        ? plan
        : plan.stream().filter(fault -> !skipped.contains(fault)).toList();
  }

  /**
   * Ends all faults for good: starts all hosts that are down, unless they were {@linkplain
   * Host#declareDead declared dead}, and makes the network a good one. Of the points of {@link
   * Chaos} those of the library say no from now on.
   */
  public void heal() {
    healed = true;
    chance.leaveSeamsAlone();
    event(StepTrace.Kind.FAULT, null, "heal");
    network.healAll();
    hosts.forEach(Host::heal);
  }

  /* ------ Time ------ */

  /** The time of the world, from which that of hosts may differ. */
  public Instant now() {
    return START.plusNanos(engine.time());
  }

  /** How long the world has been running. */
  public Duration elapsed() {
    return Duration.ofNanos(engine.time());
  }

  private void begin() {
    if (!planned) {
      faults(config.faults());
    }
  }

  private long after(Duration duration) {
    return engine.in(Saturating.nanos(duration));
  }

  /** Lets a time pass. */
  public void runFor(Duration duration) {
    begin();
    engine.runUntil(after(duration));
    checkAll();
  }

  /** Lets time pass until something holds, or a limit has passed; whether it holds. */
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    begin();
    boolean holds = engine.runUntil(condition, after(limit));
    checkAll();
    return holds;
  }

  /**
   * Lets time pass until a future is complete; what it holds.
   *
   * @throws AssertionError if it is not complete when a limit has passed, or failed
   */
  public <T> T await(Future<T> future, Duration limit) {
    if (!runUntil(() -> !future.isPending(), limit)) {
      engine.fail("await", "a future was not complete after " + limit, null);
      engine.step(engine.time());
    }
    return future.get();
  }

  /** Takes one step, and lets time pass to it; false if nothing will ever happen. */
  public boolean step() {
    begin();
    return engine.step(Long.MAX_VALUE - 1);
  }

  /* ------ Properties ------ */

  /**
   * Something that is to hold after every hundredth step, and whenever time has passed: a step
   * takes some microseconds, so what is wrong for a millisecond is mostly seen. What is wrong for
   * less needs a smaller number, or the names of the processes that it goes by.
   */
  public void always(String name, BooleanSupplier condition) {
    always(name, Properties.USUAL, condition);
  }

  /** Something that is to hold after every so many steps. */
  public void always(String name, int every, BooleanSupplier condition) {
    if (every < 1) {
      throw new IllegalArgumentException("every < 1: " + every);
    }
    properties.always(name, every, Set.of(), requireNonNull(condition, "condition"));
  }

  /**
   * Something that is to hold after every step of some processes, on whichever hosts.
   *
   * @param processes the ids of what the condition goes by
   */
  public void always(String name, Collection<String> processes, BooleanSupplier condition) {
    if (processes.isEmpty()) {
      throw new IllegalArgumentException("'" + name + "' goes by no process");
    }
    properties.always(name, 1, processes, requireNonNull(condition, "condition"));
  }

  /** Something that is never to hold; looked at as {@link #always(String, BooleanSupplier)}. */
  public void never(String name, BooleanSupplier condition) {
    always(name, () -> !condition.getAsBoolean());
  }

  /** Something that must not hold after any so many steps. */
  public void never(String name, int every, BooleanSupplier condition) {
    always(name, every, () -> !condition.getAsBoolean());
  }

  /**
   * Lets time pass until something holds, for which there is a limit. To be called after {@link
   * #heal}, for it may take for ever before.
   *
   * @throws IllegalStateException if the world is not healed
   */
  public void eventually(String name, Duration within, BooleanSupplier condition) {
    if (!healed) {
      throw new IllegalStateException("heal the world before '" + name + "' is expected");
    }
    if (!runUntil(condition, within)) {
      engine.fail(
          EVENTUALLY + "\"" + name + "\"",
          "not within " + within + "\n" + Waiting.text(this),
          null);
      engine.step(engine.time());
    }
  }

  /** Something that is to hold at least once in an exploration: looked at as properties are. */
  public void sometimes(String name, BooleanSupplier condition) {
    properties.sometimes(name, requireNonNull(condition, "condition"));
  }

  /** Ends the run as failed unless something holds now. Any code of the world may call. */
  public void check(String name, boolean holds) {
    if (!holds) {
      engine.fail("check \"" + name + "\"", "", null);
      throw new AssertionError(name);
    }
  }

  /** Processes may end because they throw this; otherwise the run fails then. */
  public void expect(Class<? extends Throwable> thrown) {
    expected.add(requireNonNull(thrown, "thrown"));
  }

  /**
   * Lets a future be pending at the end of the run, with all that it waits for, and returns it. Any
   * other promise that was made in the world must have been kept by then, unless its host has
   * failed, or the library has given it up because what was to keep it has ended or is closed.
   */
  public <T> Future<T> detached(Future<T> future) {
    engine.pending().detach(future);
    return future;
  }

  /** Adds a remark to the timeline. Any code of the world may call. */
  public void mark(String text) {
    event(StepTrace.Kind.LOG, null, text);
  }

  /** The recorded operations, to be judged by {@link Linearizable}. */
  public History history() {
    return history;
  }

  /** Draws a number from 0 up to a bound that does not belong to it, from a stream by that name. */
  public long random(String stream, long bound) {
    return engine.draws("user/" + stream).below(bound);
  }

  private void checkAll() {
    properties.checkAll();
    if (engine.problem() != null) {
      engine.step(engine.time());
    }
  }

  /** The hoped-for states that were reached. */
  Map<String, Boolean> reached() {
    return properties.reached();
  }

  /* ------ What happens ------ */

  /** Does something now, or when the step is over in which this is called. */
  void betweenSteps(Runnable body) {
    if (engine.isInStep()) {
      soon(body);
    } else {
      body.run();
    }
  }

  void soon(Runnable body) {
    engine.at(engine.time(), body);
  }

  boolean isOver() {
    return over;
  }

  /** Adds to the trace and to the timeline; null for no host. */
  void event(StepTrace.Kind kind, Host host, String text) {
    engine.note(kind, host == null ? "world" : host.name(), text);
    timeline.add(engine.time(), host, kind, text);
  }

  Timeline timeline() {
    return timeline;
  }

  /** A line of the log. */
  void logged(Level level, String text, Throwable cause) {
    engine.trace().log(engine.time(), engine.steps(), level + " " + text);
    if (level == Level.ERROR && cause != null && !isExpected(cause)) {
      engine.fail("no unexpected exception", text + ": " + cause, cause);
    }
  }

  private boolean isExpected(Throwable cause) {
    return expected.stream().anyMatch(type -> type.isInstance(cause));
  }

  /** Closes all nodes, and looks at what is left of them. */
  void close() {
    if (scenario.checksLeaks()) {
      engine.extend(Duration.ofMinutes(5).toNanos());
      healed = true;
      chance.leaveSeamsAlone();
      network.healAll();
      hosts.forEach(Host::recover);
      for (Host host : hosts) {
        host.nodes().forEach(Node::close);
      }
      engine.runUntil(engine.time() + 10_000_000_000L);
      for (Host host : hosts) {
        List<String> left = host.isUp() ? Waiting.left(this, host) : List.of();
        if (!left.isEmpty()) {
          fail("closed nodes leave nothing behind", host.name() + " has " + left);
        }
      }
      List<String> broken = engine.pending().broken();
      if (!broken.isEmpty()) {
        fail(KEPT, String.join("\n", broken) + "\nWorld.detached is for those that need not be.");
      }
      checkAll();
    }
    over = true;
  }

  private void fail(String check, String text) {
    engine.fail(check, text, null);
  }
}
