package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.internal.Saturating;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.Filter;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.support.Ema;
import io.libprocess.service.support.WindowedSum;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Has a client send less while its servers refuse much, so that they need no time to refuse. It
 * keeps a moving average of how many requests were not refused ({@link FailureFlag#REJECTED}). If
 * that is below a half, some requests fail at once with {@link FailureFlag#REJECTED} and {@link
 * FailureFlag#NON_RETRYABLE}: the more, the lower it is, but at least a quarter is sent. With fewer
 * than five requests a second all are sent.
 *
 * <p>The lock guards the average; it is held for a few instructions.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class NackAdmission<Q, R> implements Filter<Q, R, Q, R> {

  private static final Duration WINDOW = Duration.ofMinutes(2);
  private static final double THRESHOLD = 0.5; // Of refused requests.
  private static final double MOST_DROPPED = 0.75;
  private static final int LEAST_RATE = 5;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Clock clock;
  private final RandomGenerator random;
  private final WindowedSum rate;
  private final Object lock = new Object();
  private final Ema accepted = new Ema(Saturating.nanos(WINDOW)); // Guarded by the lock.

  /**
   * Makes a filter.
   *
   * @param random for several threads
   */
  public NackAdmission(Clock clock, RandomGenerator random) {
    this.clock = requireNonNull(clock, "clock");
    this.random = requireNonNull(random, "random");
    this.rate = new WindowedSum(SECOND, clock);
  }

  /** The moving average: 1 if nothing was refused, 0 if everything was. */
  public double accepted() {
    synchronized (lock) {
      return accepted.orElse(1);
    }
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    rate.add(1);
    boolean counts = rate.sum() >= LEAST_RATE;
    if (!counts) {
      record(true);
    } else if (random.nextDouble() < dropProbability()) {
      return Future.failed(
          FlaggedFailure.of(
              "not sent, because the servers refuse too many requests",
              FailureFlag.REJECTED,
              FailureFlag.NON_RETRYABLE));
    }
    Future<R> response = service.call(request);
    return counts ? response.onAny(this::answered) : response;
  }

  private double dropProbability() {
    double bound = 1 - THRESHOLD;
    double average = accepted();
    return average >= bound ? 0 : Math.min(MOST_DROPPED, 1 - average / bound);
  }

  private void answered(Future<R> outcome) {
    if (!outcome.isDiscarded()) {
      record(!outcome.isFailed() || !FlaggedFailure.has(outcome.failure(), FailureFlag.REJECTED));
    }
  }

  private void record(boolean wasAccepted) {
    long now = clock.nanoTime();
    synchronized (lock) {
      accepted.add(now, wasAccepted ? 1 : 0);
    }
  }
}
