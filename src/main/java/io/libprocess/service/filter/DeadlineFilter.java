package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.context.Deadline;
import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.Filter;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.support.WindowedSum;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Looks at the {@link Deadline} of requests to a server. One that is past when its request arrives
 * is counted, and the request fails with {@link FailureFlag#DEADLINE_EXCEEDED} if that is wanted;
 * but of all requests within ten seconds only a share, so that a wrong clock cannot have everything
 * refused. Stands before a {@link TimeoutFilter}. The share is that of all requests that pass the
 * filter, or of those of each connection: see {@link #perConnection}.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class DeadlineFilter<Q, R> implements Filter<Q, R, Q, R> {

  private static final long DEPOSIT = 1000;
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final double STANDARD_SHARE = 0.2;

  private final Clock clock;
  private final Function<? super Q, ?> connection;
  private final KeyedSums units; // Of each connection.
  private final long cost; // 0: nothing is refused.
  private final LongAdder expired = new LongAdder();
  private final LongAdder refused = new LongAdder();

  private DeadlineFilter(Clock clock, long cost, Function<? super Q, ?> connection) {
    this.clock = requireNonNull(clock, "clock");
    this.units = new KeyedSums(WINDOW, clock);
    this.cost = cost;
    this.connection = requireNonNull(connection, "connection");
  }

  private static Object ofAll(Object request) {
    return DeadlineFilter.class;
  }

  /** A filter that only counts. */
  public static <Q, R> DeadlineFilter<Q, R> observing(Clock clock) {
    return new DeadlineFilter<>(clock, 0, DeadlineFilter::ofAll);
  }

  /** A filter that refuses a fifth of the requests at most. */
  public static <Q, R> DeadlineFilter<Q, R> rejecting(Clock clock) {
    return rejecting(STANDARD_SHARE, clock);
  }

  /**
   * A filter that refuses requests.
   *
   * @param share which part of them at most; above 0, at most 1
   * @throws IllegalArgumentException if it is not
   */
  public static <Q, R> DeadlineFilter<Q, R> rejecting(double share, Clock clock) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share not within 0 (exclusive) to 1: " + share);
    }
    return new DeadlineFilter<>(clock, Math.round(DEPOSIT / share), DeadlineFilter::ofAll);
  }

  /**
   * The same for the requests of each connection by themselves, so that a client whose clock is
   * wrong does not use up what others may have refused. The 10,000 connections that were used last
   * are told apart.
   *
   * @param connection what requests of one connection have in common, such as the address of the
   *     client; it must have a value for each request
   */
  public DeadlineFilter<Q, R> perConnection(Function<? super Q, ?> connection) {
    return new DeadlineFilter<>(clock, cost, connection);
  }

  /** How many requests came after their deadline, refused or not. */
  public long expired() {
    return expired.sum();
  }

  /** How many of these were refused. */
  public long refused() {
    return refused.sum();
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    Optional<Deadline> deadline = Deadline.current();
    boolean late = deadline.isPresent() && deadline.get().isExpired(clock.now());
    if (late) {
      expired.increment();
    }
    if (cost > 0) {
      WindowedSum own = units.of(requireNonNull(connection.apply(request), "the connection"));
      if (late && own.trySubtract(cost, 0)) {
        refused.increment();
        String text = "the deadline of the request was " + deadline.get().deadline();
        return Future.failed(FlaggedFailure.of(text, FailureFlag.DEADLINE_EXCEEDED));
      }
      own.add(DEPOSIT);
    }
    return service.call(request);
  }
}
