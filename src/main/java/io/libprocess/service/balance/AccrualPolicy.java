package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.service.filter.Backoff;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides when an endpoint has failed so often that it is to be left alone, and for how long. A
 * policy has a state, so each endpoint has its own. Its methods are called one after another, under
 * a lock: they must not block and not call anybody.
 */
public interface AccrualPolicy {

  /** A request has succeeded. */
  void succeeded();

  /** A request has failed. For how long the endpoint is to be left alone, if it is. */
  Optional<Duration> failed();

  /** The endpoint was left alone, and the next request failed, too. For how long it is again. */
  Duration probeFailed();

  /** The endpoint was left alone, and the next request succeeded: everything begins anew. */
  void revived();

  /**
   * After so many failures in a row.
   *
   * @param failures at least 1
   * @param times for how long; after its end, as long as the last time
   * @throws IllegalArgumentException if the number is less than 1
   */
  static AccrualPolicy consecutiveFailures(int failures, Backoff times) {
    return new ConsecutiveFailures(failures, new DeadTimes(times));
  }

  /**
   * When less than a share of the requests succeed. The share is an average in which older requests
   * count less, judged only when the window has passed once and there were enough requests within
   * it.
   *
   * @param least the share; above 0, at most 1
   * @param window what counts; positive
   * @param requests how many are enough; at least 1
   * @param times for how long; after its end, as long as the last time
   * @throws IllegalArgumentException if a value is not in its range
   */
  static AccrualPolicy successRate(
      double least, Duration window, int requests, Backoff times, Clock clock) {
    return new SuccessRate(least, window, requests, new DeadTimes(times), clock);
  }

  /**
   * Below 80 % within 30 s and five requests, or after five failures in a row; for 5 s to 300 s,
   * which are drawn at random and grow.
   *
   * @param random for several threads
   */
  static AccrualPolicy standard(Clock clock, RandomGenerator random) {
    Backoff times = Backoff.equalJittered(Duration.ofSeconds(5), Duration.ofSeconds(300), random);
    return successRate(0.8, Duration.ofSeconds(30), 5, times, clock)
        .or(consecutiveFailures(5, times));
  }

  /** When one of two says so; if both do, for the longer time. */
  default AccrualPolicy or(AccrualPolicy other) {
    return new EitherPolicy(this, requireNonNull(other, "other"));
  }
}
