package io.libprocess;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How a {@link Supervisor} restarts its children. Immutable.
 *
 * <pre>{@code
 * RestartPolicy.of(10, Duration.ofMinutes(1))
 *     .withStrategy(RestartPolicy.Strategy.REST_FOR_ONE)
 *     .withBackoff(RestartPolicy.Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(10)));
 * }</pre>
 *
 * @param strategy which children are restarted together
 * @param limit how many restarts are all right within the period; 0 means none
 * @param period by the node's clock
 * @param backoff how long to wait before a restart
 */
public record RestartPolicy(Strategy strategy, int limit, Duration period, Backoff backoff) {

  /** Which children are restarted when one has ended that is to be. */
  public enum Strategy {
    /** That one alone. */
    ONE_FOR_ONE,
    /** All. */
    ONE_FOR_ALL,
    /** That one and those that were started after it. */
    REST_FOR_ONE
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the limit is negative or the period is not positive
   */
  public RestartPolicy {
    requireNonNull(strategy, "strategy");
    requireNonNull(backoff, "backoff");
    if (limit < 0) {
      throw new IllegalArgumentException("limit < 0: " + limit);
    }
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("period not positive: " + period);
    }
  }

  /** Each child by itself, at once, and so many restarts within a period. */
  public static RestartPolicy of(int limit, Duration period) {
    return new RestartPolicy(Strategy.ONE_FOR_ONE, limit, period, Backoff.NONE);
  }

  /** This policy with another strategy. */
  public RestartPolicy withStrategy(Strategy other) {
    return new RestartPolicy(other, limit, period, backoff);
  }

  /** This policy with another back-off. */
  public RestartPolicy withBackoff(Backoff other) {
    return new RestartPolicy(strategy, limit, period, other);
  }

  /**
   * How long to wait before a restart: the first time a duration, then each time twice as long up
   * to a bound, less a random part. A child that has lived for some time starts from the beginning.
   *
   * @param first the duration before the first restart; zero means none ever
   * @param most the longest
   * @param jitter how much of each duration is random, from 0 to 1: with 0.5 it is between half of
   *     it and all of it
   * @param calm for how long a child has to live so that its next restart counts as the first
   */
  public record Backoff(Duration first, Duration most, double jitter, Duration calm) {

    private static final int MOST_DOUBLINGS = 62;

    /** No wait. */
    public static final Backoff NONE =
        new Backoff(Duration.ZERO, Duration.ZERO, 0, Duration.ofSeconds(1));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a duration is negative, the last is not positive, the
     *     first is longer than the longest, or the jitter is not within 0 to 1
     */
    public Backoff {
      if (first.isNegative() || first.compareTo(most) > 0) {
        throw new IllegalArgumentException("not within 0 to " + most + ": first = " + first);
      }
      if (!(jitter >= 0 && jitter <= 1)) {
        throw new IllegalArgumentException("not within 0 to 1: jitter = " + jitter);
      }
      if (calm.isNegative() || calm.isZero()) {
        throw new IllegalArgumentException("calm not positive: " + calm);
      }
    }

    /** Half of each duration is random, and a child is calm after the longest of them. */
    public static Backoff exponential(Duration first, Duration most) {
      return new Backoff(first, most, 0.5, most);
    }

    /**
     * How long to wait.
     *
     * @param before how many restarts there were since the child was calm last
     * @param random gives a number from 0 to 1
     */
    Duration delay(int before, DoubleSupplier random) {
      if (first.isZero()) {
        return Duration.ZERO;
      }
      double nanos = nanos(first) * Math.pow(2, Math.min(before, MOST_DOUBLINGS));
      double part = 1 - jitter * random.getAsDouble();
      return Duration.ofNanos((long) (Math.min(nanos, nanos(most)) * part));
    }

    private static double nanos(Duration duration) {
      return duration.getSeconds() * 1e9 + duration.getNano();
    }
  }
}
