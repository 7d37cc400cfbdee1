package io.libprocess;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The rules by which a {@link Supervisor} restarts its children. Immutable.
 *
 * <pre>{@code
 * RestartPolicy.of(10, Duration.ofMinutes(1))
 *     .withStrategy(RestartPolicy.Strategy.REST_FOR_ONE)
 *     .withBackoff(RestartPolicy.Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(10)));
 * }</pre>
 *
 * @param strategy the children that are restarted together
 * @param limit the most restarts allowed within the period; 0 allows none
 * @param period the period, measured by the node's clock
 * @param backoff the delay before a restart
 */
public record RestartPolicy(Strategy strategy, int limit, Duration period, Backoff backoff) {

  /** The children to restart when one child needs a restart. */
  public enum Strategy {
    /** Only that child. */
    ONE_FOR_ONE,
    /** All children. */
    ONE_FOR_ALL,
    /** That child and all that were started after it. */
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

  /** Restarts each child alone and at once, up to a number of restarts within a period. */
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
   * The delay before a restart. It starts at one duration and doubles each time up to a bound; a
   * random part is then taken off. A child that has lived long enough starts from the beginning
   * again.
   *
   * @param first the delay before the first restart; with zero there is never a delay
   * @param most the longest delay
   * @param jitter the part of each delay that is random, from 0 to 1: with 0.5 it is between half
   *     of it and all of it
   * @param calm the time a child must live for its next restart to count as the first
   */
  public record Backoff(Duration first, Duration most, double jitter, Duration calm) {

    private static final int MOST_DOUBLINGS = 62;

    /** No delay. */
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

    /**
     * A back-off in which half of each delay is random, and a child is calm after the longest
     * delay.
     */
    public static Backoff exponential(Duration first, Duration most) {
      return new Backoff(first, most, 0.5, most);
    }

    /**
     * The delay before a restart.
     *
     * @param before the number of restarts since the child was last calm
     * @param random returns a number from 0 to 1
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
