package io.libprocess.service.balance;

import io.libprocess.settings.Check;
import java.time.Duration;

/**
 * How many sessions a {@link Pool} has.
 *
 * @param low so many are kept however long they are idle
 * @param high the most that there are at a time, with those being made
 * @param waiters how many may wait for one at that number; more fail
 * @param idleLife how long sessions beyond {@code low} are kept while they are idle; zero closes
 *     them when they are given back
 */
public record PoolSettings(int low, int high, int waiters, Duration idleLife) {

  private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);
  private static final PoolSettings DEFAULTS =
      new PoolSettings(0, Integer.MAX_VALUE, Integer.MAX_VALUE, FOR_EVER);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is out of range, or the time negative
   */
  public PoolSettings {
    Check.atLeast("low", low, 0);
    Check.atLeast("high", high, Math.max(1, low));
    Check.atLeast("waiters", waiters, 0);
    Check.notNegative("idleLife", idleLife);
  }

  /** Any number of sessions, and all are kept. */
  public static PoolSettings defaults() {
    return DEFAULTS;
  }

  /** The same with another number that is kept. */
  public PoolSettings withLow(int count) {
    return new PoolSettings(count, high, waiters, idleLife);
  }

  /** The same with another number that there may be. */
  public PoolSettings withHigh(int count) {
    return new PoolSettings(low, count, waiters, idleLife);
  }

  /** The same with another number of those that may wait. */
  public PoolSettings withWaiters(int count) {
    return new PoolSettings(low, high, count, idleLife);
  }

  /** The same with another time for which idle sessions are kept. */
  public PoolSettings withIdleLife(Duration time) {
    return new PoolSettings(low, high, waiters, time);
  }
}
