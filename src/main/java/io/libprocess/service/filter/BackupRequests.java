package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.service.Filter;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Sends a second request where the first has taken longer than most do, and takes the response that
 * comes first, unless it is a failure: then the other one. The one that is not needed is discarded.
 * Only for requests that do no harm if they are served twice, and can be sent twice.
 *
 * <p>How long is waited follows from how much more may be sent: with 0.05, the time in which 95 of
 * a hundred requests are answered. It is found out every 3 s, from the latencies of the last half a
 * minute at most, and is a millisecond at least; before it is known nothing is sent twice. A second
 * request is also paid for from the client's {@link RetryBudget}, so that there are none on top of
 * retries.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class BackupRequests<Q, R> implements Filter<Q, R, Q, R> {

  private static final Duration OWN_TTL = Duration.ofSeconds(30);
  private static final long LEAST_NANOS = 1_000_000;

  private final RetryBudget own;
  private final RetryBudget shared;
  private final ResponseClassifier<Q, R> classifier;
  private final CheckedConsumer<? super R> dropped;
  private final Clock clock;
  private final LatencyWindow latencies;

  /**
   * Makes a filter.
   *
   * @param maxExtraLoad how many requests may be sent twice; above 0 and below 1
   * @param shared the client's budget
   * @param classifier knows failures
   * @param dropped takes responses that are not needed
   * @throws IllegalArgumentException if the load is not in its range
   */
  public BackupRequests(
      double maxExtraLoad,
      RetryBudget shared,
      ResponseClassifier<Q, R> classifier,
      Clock clock,
      CheckedConsumer<? super R> dropped) {
    if (!(maxExtraLoad > 0 && maxExtraLoad < 1)) {
      throw new IllegalArgumentException("maxExtraLoad not between 0 and 1: " + maxExtraLoad);
    }
    this.shared = requireNonNull(shared, "shared");
    this.classifier = requireNonNull(classifier, "classifier");
    this.dropped = requireNonNull(dropped, "dropped");
    this.clock = requireNonNull(clock, "clock");
    this.own = new RetryBudget(OWN_TTL, 0, maxExtraLoad, clock);
    this.latencies = new LatencyWindow(1 - maxExtraLoad, clock);
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    own.deposit();
    OptionalLong wait = latencies.percentile();
    long begin = clock.nanoTime();
    Future<R> first = service.call(request);
    first.onAny(ended -> latencies.record(clock.nanoTime() - begin));
    if (wait.isEmpty() || !first.isPending()) {
      return first;
    }
    Duration limit = Duration.ofNanos(Math.max(LEAST_NANOS, wait.getAsLong()));
    return new BackupRace<>(
            first,
            () -> mayBackUp() ? service.call(request) : null,
            outcome -> outcome.isReady() && !classifier.decide(request, outcome).isFailure(),
            dropped)
        .start(limit, clock);
  }

  private boolean mayBackUp() {
    return own.tryWithdraw() && shared.tryWithdraw();
  }
}
