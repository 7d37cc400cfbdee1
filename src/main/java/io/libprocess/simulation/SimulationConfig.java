package io.libprocess.simulation;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.Saturating;
import java.time.Duration;
import java.util.Optional;

/** How worlds are run. Immutable; made by a {@link Builder}. */
public final class SimulationConfig {

  /** The rule by which the next of the ready steps is chosen. */
  public enum Policy {
    /** The oldest: the baseline. */
    FIFO,
    /** Any process or channel that has a step, with the same probability: for breadth. */
    RANDOM,
    /**
     * The one with the highest priority; priorities are random and change at a few steps: for
     * depth. A bug that needs d ordered steps shows with a probability of at least 1/(n·k^(d-1))
     * among n processes and k steps, with a depth of d.
     */
    PCT,
    /** Another one for each seed: FIFO in 10, RANDOM in 50, PCT in 40 of 100. */
    SWARM
  }

  private final Policy policy;
  private final int depth;
  private final Faults faults;
  private final Optional<Latency> latency;
  private final Optional<Long> window;
  private final double cutting;
  private final boolean swarm;
  private final boolean chaos;
  private final Duration limit;
  private final long steps;
  private final Duration leastCost;
  private final Duration mostCost;
  private final boolean shrink;
  private final int verifyEvery;
  private final int threads;
  private final int failures;
  private final Duration stuck;
  private final boolean checkLeaks;

  private SimulationConfig(Builder builder) {
    policy = builder.policy;
    depth = builder.depth;
    faults = builder.faults;
    latency = Optional.ofNullable(builder.latency);
    window = Optional.ofNullable(builder.window);
    cutting = builder.cutting;
    swarm = builder.swarm;
    chaos = builder.chaos;
    limit = builder.limit;
    steps = builder.steps;
    leastCost = builder.leastCost;
    mostCost = builder.mostCost;
    shrink = builder.shrink;
    verifyEvery = builder.verifyEvery;
    threads = builder.threads;
    failures = builder.failures;
    stuck = builder.stuck;
    checkLeaks = builder.checkLeaks;
  }

  /** Random order, a good network, no faults. */
  public static SimulationConfig standard() {
    return builder().build();
  }

  /** For each seed another policy, another network, and other faults. */
  public static SimulationConfig swarm() {
    return builder().swarm().build();
  }

  /** A builder that holds what {@link #standard} is. */
  public static Builder builder() {
    return new Builder();
  }

  Policy policy() {
    return policy;
  }

  int depth() {
    return depth;
  }

  Faults faults() {
    return faults;
  }

  Optional<Latency> latency() {
    return latency;
  }

  Optional<Long> window() {
    return window;
  }

  double cutting() {
    return cutting;
  }

  boolean isSwarm() {
    return swarm;
  }

  boolean chaos() {
    return chaos;
  }

  Duration limit() {
    return limit;
  }

  long steps() {
    return steps;
  }

  long leastCost() {
    return Saturating.nanos(leastCost);
  }

  long mostCost() {
    return Saturating.nanos(mostCost);
  }

  boolean shrinks() {
    return shrink;
  }

  int verifyEvery() {
    return verifyEvery;
  }

  int threads() {
    return threads;
  }

  int failures() {
    return failures;
  }

  Duration stuck() {
    return stuck;
  }

  boolean checksLeaks() {
    return checkLeaks;
  }

  /** Collects settings. Setters check their argument and throw IllegalArgumentException. */
  public static final class Builder {

    private Policy policy = Policy.RANDOM;
    private int depth = 3;
    private Faults faults = Faults.none();
    private Latency latency;
    private Long window;
    private double cutting;
    private boolean swarm;
    private boolean chaos = true;
    private Duration limit = Duration.ofMinutes(10);
    private long steps = 10_000_000;
    private Duration leastCost = Duration.ofNanos(1_000);
    private Duration mostCost = Duration.ofNanos(20_000);
    private boolean shrink = true;
    private int verifyEvery = 100;
    private int threads = 1;
    private int failures = 1;
    private Duration stuck = Duration.ofMinutes(1);
    private boolean checkLeaks = true;

    private Builder() {}

    /**
     * For each seed another policy, another network, and other faults. The wall clocks of hosts are
     * up to a second apart, and in one of ten seeds up to two hours.
     */
    public Builder swarm() {
      swarm = true;
      policy = Policy.SWARM;
      faults = Faults.swarm();
      return this;
    }

    /**
     * Whether rare but legal things happen in a swarm to the library itself: see {@link Chaos}.
     * They do by default.
     */
    public Builder chaos(boolean chaos) {
      this.chaos = chaos;
      return this;
    }

    /** Takes steps by a policy. */
    public Builder policy(Policy policy) {
      this.policy = requireNonNull(policy, "policy");
      return this;
    }

    /** Looks for bugs that need so many ordered steps, at least 1; with {@link Policy#PCT}. */
    public Builder depth(int depth) {
      this.depth = atLeast("depth", depth, 1);
      return this;
    }

    /** Lets things go wrong. */
    public Builder faults(Faults faults) {
      this.faults = requireNonNull(faults, "faults");
      return this;
    }

    /** Lets bytes be on their way for a time; drawn for each seed in a swarm otherwise. */
    public Builder latency(Latency latency) {
      this.latency = requireNonNull(latency, "latency");
      return this;
    }

    /** Lets so many bytes be on their way at once in one direction of a connection. */
    public Builder window(long bytes) {
      this.window = bytes;
      atLeast("window", (int) Math.min(bytes, Integer.MAX_VALUE), 1);
      return this;
    }

    /** Cuts what is written with a probability, so that it arrives in several parts. */
    public Builder cutting(double probability) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("cutting not in 0..1: " + probability);
      }
      this.cutting = probability;
      return this;
    }

    /** Ends a run as failed that has not ended by a simulated time. */
    public Builder limit(Duration simulated) {
      this.limit = positive("limit", simulated);
      return this;
    }

    /** Ends a run as failed that has not ended after so many steps. */
    public Builder steps(long most) {
      this.steps = Math.max(1, most);
      return this;
    }

    /** Lets each step take a time of this range; zero lets time stand still until all have run. */
    public Builder stepCost(Duration least, Duration most) {
      if (least.isNegative() || most.compareTo(least) < 0) {
        throw new IllegalArgumentException("not a range of costs: " + least + " to " + most);
      }
      leastCost = least;
      mostCost = most;
      return this;
    }

    /**
     * Whether a failure is made smaller. That takes up to 500 runs, or some thousand if many faults
     * are left, of up to 20 million steps in all.
     */
    public Builder shrink(boolean shrink) {
      this.shrink = shrink;
      return this;
    }

    /** Runs each n-th seed of an exploration twice, to see whether it is the same; 0 for none. */
    public Builder verifyEvery(int seeds) {
      this.verifyEvery = atLeast("verifyEvery", seeds, 0);
      return this;
    }

    /** Explores on so many threads. */
    public Builder threads(int threads) {
      this.threads = atLeast("threads", threads, 1);
      return this;
    }

    /** Ends an exploration after so many failures. */
    public Builder failures(int most) {
      this.failures = atLeast("failures", most, 1);
      return this;
    }

    /** Gives up a run of which no step comes to its end within a time of the real clock. */
    public Builder stuckAfter(Duration real) {
      this.stuck = positive("stuckAfter", real);
      return this;
    }

    /** Whether nodes are closed at the end, and must leave no timer and no connection behind. */
    public Builder checkLeaks(boolean check) {
      this.checkLeaks = check;
      return this;
    }

    /** The settings as they are now. */
    public SimulationConfig build() {
      return new SimulationConfig(this);
    }

    private static int atLeast(String name, int value, int least) {
      if (value < least) {
        throw new IllegalArgumentException(name + " < " + least + ": " + value);
      }
      return value;
    }

    private static Duration positive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(name + " is not positive: " + value);
      }
      return value;
    }
  }
}
