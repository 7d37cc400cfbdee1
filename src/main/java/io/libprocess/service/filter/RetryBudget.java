package io.libprocess.service.filter;

import io.libprocess.service.support.WindowedSum;
import io.libprocess.time.Clock;
import java.time.Duration;

/**
 * How many retries there may be: a share of the requests and a rate, counted over some seconds. One
 * client has one, which all that repeats requests draws on, so that a server in trouble does not
 * get a multiple of its load. It is a token bucket whose tokens expire. For any thread.
 */
public final class RetryBudget {

  private static final long DEPOSIT = 1000;
  private static final long MOST = 1L << 61;
  private static final Duration LEAST_TTL = Duration.ofSeconds(1);
  private static final Duration GREATEST_TTL = Duration.ofSeconds(60);
  private static final Duration STANDARD_TTL = Duration.ofSeconds(10);
  private static final double STANDARD_SHARE = 0.2;
  private static final int STANDARD_RATE = 10;

  private final WindowedSum units;
  private final long deposit;
  private final long cost;
  private final long reserve;

  /**
   * Makes a budget.
   *
   * @param ttl for how long a request counts; 1 to 60 seconds
   * @param perSecond how many retries a second there may be beside those of the share; may be 0
   * @param share how many retries there may be for each request: 0.2 is one for five. Not negative
   * @throws IllegalArgumentException if a value is not in its range
   */
  public RetryBudget(Duration ttl, int perSecond, double share, Clock clock) {
    if (ttl.compareTo(LEAST_TTL) < 0 || ttl.compareTo(GREATEST_TTL) > 0) {
      throw new IllegalArgumentException("ttl not within 1 s to 60 s: " + ttl);
    }
    if (perSecond < 0) {
      throw new IllegalArgumentException("perSecond < 0: " + perSecond);
    }
    if (!(share >= 0 && share <= DEPOSIT)) {
      throw new IllegalArgumentException("share not within 0 to " + DEPOSIT + ": " + share);
    }
    units = new WindowedSum(ttl, clock);
    deposit = share == 0 ? 0 : DEPOSIT;
    long retries = perSecond * ttl.toSeconds();
    long most = MOST / Math.max(1, retries); // Of a cost: no sum of the units overflows.
    cost = share == 0 ? DEPOSIT : Math.max(1, Math.min(most, Math.round(DEPOSIT / share)));
    reserve = retries * cost;
  }

  /** A retry for five requests, and ten a second; requests count for ten seconds. */
  public static RetryBudget standard(Clock clock) {
    return new RetryBudget(STANDARD_TTL, STANDARD_RATE, STANDARD_SHARE, clock);
  }

  /** No retries at all. */
  public static RetryBudget none(Clock clock) {
    return new RetryBudget(STANDARD_TTL, 0, 0, clock);
  }

  /** Counts a request. */
  public void deposit() {
    if (deposit > 0) {
      units.add(deposit);
    }
  }

  /**
   * Pays for a retry.
   *
   * @return false if the budget does not allow it
   */
  public boolean tryWithdraw() {
    return units.trySubtract(cost, -reserve);
  }

  /** How many retries it would allow now. */
  public long balance() {
    return Math.max(0, (units.sum() + reserve) / cost);
  }
}
