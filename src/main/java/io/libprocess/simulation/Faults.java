package io.libprocess.simulation;

import io.libprocess.internal.Saturating;
import io.libprocess.simulation.engine.Draws;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The faults of a run: a fixed plan, or the way one is drawn from the seed. Immutable. */
public final class Faults {

  /** How likely it is that a kind is there at all in a run. */
  private static final double PRESENT = 0.35;

  private static final double LOSING = 0.1; // How many crashes lose the store and the disk.

  private final List<Fault> plan;
  private final Set<Fault.Kind> kinds; // Those that are drawn.
  private final Duration least; // Between two faults of a kind, on average.
  private final Duration most;
  private final int hostsDown; // 0 for a minority.
  private final Duration leastDown; // How long a host is down that fails or is stopped.
  private final Duration mostDown;

  private Faults(
      List<Fault> plan,
      Set<Fault.Kind> kinds,
      Duration least,
      Duration most,
      int hostsDown,
      Duration leastDown,
      Duration mostDown) {
    this.leastDown = leastDown;
    this.mostDown = mostDown;
    this.plan = plan;
    this.kinds = kinds;
    this.least = least;
    this.most = most;
    this.hostsDown = hostsDown;
  }

  /** Nothing goes wrong. */
  public static Faults none() {
    return of(List.of());
  }

  /** Exactly that goes wrong. */
  public static Faults of(Fault... faults) {
    return of(List.of(faults));
  }

  /** Exactly that goes wrong. */
  public static Faults of(List<Fault> faults) {
    return new Faults(
        List.copyOf(faults),
        EnumSet.noneOf(Fault.Kind.class),
        Duration.ZERO,
        Duration.ZERO,
        Integer.MAX_VALUE,
        Duration.ZERO,
        Duration.ZERO);
  }

  /**
   * A random plan: in each run only some of the kinds are there at all, each with a rate of its
   * own, from one in 10 s to one in 5 min. Runs with few kinds find what a mix of all hides. Of the
   * crashes one in ten loses what the host has stored.
   */
  public static Faults swarm() {
    return new Faults(
        List.of(),
        EnumSet.allOf(Fault.Kind.class),
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        0,
        Duration.ofMillis(100),
        Duration.ofSeconds(60));
  }

  /** The same with a mean time between two faults of a kind that is drawn from a range. */
  public Faults every(Duration least, Duration most) {
    return new Faults(plan, kinds, least, most, hostsDown, leastDown, mostDown);
  }

  /** The same without some of the kinds. */
  public Faults without(Fault.Kind... excluded) {
    Set<Fault.Kind> left = EnumSet.noneOf(Fault.Kind.class);
    left.addAll(kinds);
    left.removeAll(Arrays.asList(excluded));
    return new Faults(plan, left, least, most, hostsDown, leastDown, mostDown);
  }

  /** The same, but no more than so many hosts are down at once; by default a minority. */
  public Faults mostDown(int hosts) {
    return new Faults(plan, kinds, least, most, hosts, leastDown, mostDown);
  }

  /** The same, but hosts that fail or are stopped start again after a time of this range. */
  public Faults downFor(Duration shortest, Duration longest) {
    if (shortest.isNegative() || shortest.isZero() || longest.compareTo(shortest) < 0) {
      throw new IllegalArgumentException("not a range of times: " + shortest + " to " + longest);
    }
    return new Faults(plan, kinds, least, most, hostsDown, shortest, longest);
  }

  /** How many hosts may be down at once, of so many. */
  int downAtOnce(int hosts) {
    return hostsDown == 0 ? (hosts - 1) / 2 : hostsDown;
  }

  /**
   * The plan of a run, up to a time.
   *
   * @param hosts how many may fail
   * @param all how many have a network
   */
  List<Fault> plan(Draws draws, int hosts, int all, Duration until) {
    if (kinds.isEmpty() || hosts == 0) {
      return plan;
    }
    List<Fault> drawn = new ArrayList<>(plan);
    for (Fault.Kind kind : kinds) {
      if (kind == Fault.Kind.CRASH_LOSING_STORE && kinds.contains(Fault.Kind.CRASH)) {
        continue; // They are some of the crashes.
      }
      boolean present = draws.chance(PRESENT);
      double mean = mean(draws);
      double end = Saturating.nanos(until);
      for (double at = draws.exponential(mean); present && at < end; at += next(draws, mean)) {
        drawn.add(fault(drawn(kind, draws), (long) at, draws, kind.isOfHost() ? hosts : all));
      }
    }
    drawn.sort(Comparator.comparing(Fault::at));
    return List.copyOf(drawn);
  }

  /** One of ten crashes loses what the host has stored. */
  private Fault.Kind drawn(Fault.Kind kind, Draws draws) {
    boolean loses =
        kind == Fault.Kind.CRASH
            && kinds.contains(Fault.Kind.CRASH_LOSING_STORE)
            && draws.chance(LOSING);
    return loses ? Fault.Kind.CRASH_LOSING_STORE : kind;
  }

  private static double next(Draws draws, double mean) {
    return 1_000_000 + draws.exponential(mean);
  }

  /** Of a logarithmically uniform distribution: each order of magnitude is as likely. */
  private double mean(Draws draws) {
    double from = StrictMath.log(Saturating.nanos(least) + 1.0);
    double to = StrictMath.log(Saturating.nanos(most) + 1.0);
    return StrictMath.exp(from + (to - from) * draws.unit());
  }

  private Fault fault(Fault.Kind kind, long at, Draws draws, int hosts) {
    int host = (int) draws.below(hosts);
    int other = (int) draws.below(hosts);
    int some = (int) draws.between(1, Math.max(1, (1L << Math.min(hosts, 30)) - 2));
    Duration when = Duration.ofNanos(at);
    Duration lasting = Duration.ofNanos(lasting(draws, 100_000_000L, 60_000_000_000L));
    return switch (kind) {
      case CRASH, CRASH_LOSING_STORE, STOP ->
          new Fault(
              kind,
              when,
              Duration.ofNanos(
                  lasting(draws, Saturating.nanos(leastDown), Saturating.nanos(mostDown))),
              host,
              other,
              0);
      case ONE_WAY, CLOG -> new Fault(kind, when, lasting, host, other, 0);
      case PAUSE ->
          new Fault(
              kind,
              when,
              Duration.ofNanos(lasting(draws, 1_000_000L, 30_000_000_000L)),
              host,
              0,
              0);
      case SLOW -> new Fault(kind, when, lasting, host, 0, draws.between(2, 100));
      case DRIFT ->
          new Fault(
              kind, when, lasting, host, 0, (draws.unit() - 0.5) * (draws.chance(0.1) ? 1e5 : 1e3));
      case LATE_TIMERS -> new Fault(kind, when, lasting, host, 0, draws.chance(0.3) ? 1 : 0);
      case PARTITION, REJECT -> new Fault(kind, when, lasting, some, 0, 0);
      case SWIZZLE ->
          new Fault(
              kind,
              when,
              Duration.ofNanos(lasting(draws, 1_000_000_000L, 10_000_000_000L)),
              some,
              0,
              draws.unit());
      case LOSS -> new Fault(kind, when, lasting, 0, 0, 0.3 * draws.unit());
      case NARROW -> new Fault(kind, when, lasting, host, other, draws.between(1_000, 1_000_000));
      case RESET -> new Fault(kind, when, Duration.ZERO, host, other, 0);
      case RESET_AFTER_DELIVERY -> new Fault(kind, when, lasting, 0, 0, 0.1 * draws.unit());
    };
  }

  private static long lasting(Draws draws, long least, long most) {
    double from = StrictMath.log(least);
    return (long) StrictMath.exp(from + (StrictMath.log(most) - from) * draws.unit());
  }
}
