package io.libprocess.service.stack;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiConsumer;
import io.libprocess.metrics.Metrics;
import io.libprocess.metrics.PullCounter;
import io.libprocess.runtime.SharedRandom;
import io.libprocess.service.Filter;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.filter.ConcurrencyLimit;
import io.libprocess.service.filter.DeadlineFilter;
import io.libprocess.service.filter.FailureMonitor;
import io.libprocess.service.filter.MetricsFilter;
import io.libprocess.service.filter.TimeoutFilter;
import io.libprocess.service.filter.TraceStart;
import io.libprocess.settings.Check;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Puts filters before the service of a server. From the outside to the inside they are: the monitor
 * of failures, the beginning of a trace, filters of the application, metrics, the limit of requests
 * at a time, admission, the check of deadlines, and the request timeout. So what is refused is
 * counted, and a deadline that is past is seen before the timeout sets a new one.
 *
 * <p>What is not set is left out, but for deadlines: those that are past are counted.
 *
 * <p>Not thread-safe; what it makes is for any thread.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class ServerStack<Q, R> {

  private final String name;
  private Clock clock = Clock.current();
  private RandomGenerator random; // Null: one with a secret seed.
  private Filter<Q, R, Q, R> monitor = Filter.identity();
  private double traced = -1; // Which part is recorded; negative: no traces begin here.
  private Filter<Q, R, Q, R> outermost = Filter.identity();
  private Filter<Q, R, Q, R> admission = Filter.identity();
  private Filter<Q, R, Q, R> limit = Filter.identity();
  private Metrics metrics; // Null: none.
  private ResponseClassifier<Q, R> classifier = ResponseClassifier.standard();
  private Function<Clock, DeadlineFilter<Q, R>> deadlines = DeadlineFilter::observing;
  private Function<? super Q, ?> connection; // Null: all requests count together.
  private Duration requestTimeout; // Null: none.

  private ServerStack(String name) {
    this.name = requireNonNull(name, "name");
  }

  /**
   * Begins with the defaults.
   *
   * @param name what the server is, in its metrics: {@code server/<name>/requests} and so on
   */
  public static <Q, R> ServerStack<Q, R> named(String name) {
    return new ServerStack<>(name);
  }

  /** Sets the clock; that of the calling thread if none is set. */
  public ServerStack<Q, R> clock(Clock clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Sets the random numbers; by default they come from a generator with a secret seed.
   *
   * @param random for several threads
   */
  public ServerStack<Q, R> random(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
    return this;
  }

  /** Sets who is told of failures: see {@link FailureMonitor}. HTTP servers log them anyway. */
  public ServerStack<Q, R> monitor(CheckedBiConsumer<? super Q, ? super Throwable> heard) {
    monitor = new FailureMonitor<>(heard);
    return this;
  }

  /**
   * Has a trace begin with each request that brings none: see {@link TraceStart}.
   *
   * @param sampling which part of them is recorded, from 0 to 1
   * @throws IllegalArgumentException if it is not within 0 to 1
   */
  public ServerStack<Q, R> traces(double sampling) {
    traced = Check.inRange("sampling", sampling, 0.0, 1.0);
    return this;
  }

  /** Adds a filter outside of metrics and limits, behind those that were added before. */
  public ServerStack<Q, R> filter(Filter<Q, R, Q, R> filter) {
    outermost = outermost.andThen(requireNonNull(filter, "filter"));
    return this;
  }

  /** Adds a filter that decides which requests are served, behind those that were added before. */
  public ServerStack<Q, R> admission(Filter<Q, R, Q, R> filter) {
    admission = admission.andThen(requireNonNull(filter, "filter"));
    return this;
  }

  /**
   * Sets where metrics are added; there are none if it is not set. Beside those of {@link
   * MetricsFilter} they are {@code server/<name>/deadlines_expired}, the requests that came after
   * their deadline, and {@code server/<name>/deadlines_rejected}, those of them that were refused.
   */
  public ServerStack<Q, R> metrics(Metrics metrics) {
    this.metrics = requireNonNull(metrics, "metrics");
    return this;
  }

  /** Sets what knows which outcomes are failures. */
  public ServerStack<Q, R> classifier(ResponseClassifier<Q, R> classifier) {
    this.classifier = requireNonNull(classifier, "classifier");
    return this;
  }

  /** Limits the requests at a time, and those that wait: see {@link ConcurrencyLimit}. */
  public ServerStack<Q, R> concurrencyLimit(int most, int mostWaiting) {
    limit = new ConcurrencyLimit<>(most, mostWaiting);
    return this;
  }

  /** Has requests refused whose deadline is past when they arrive; a fifth of all at most. */
  public ServerStack<Q, R> rejectExpired() {
    deadlines = DeadlineFilter::rejecting;
    return this;
  }

  /**
   * Has requests refused whose deadline is past when they arrive.
   *
   * @param share which part of all requests of a connection at most, within ten seconds; above 0,
   *     at most 1: see {@link DeadlineFilter#rejecting}
   * @throws IllegalArgumentException if it is not in its range
   */
  public ServerStack<Q, R> rejectExpired(double share) {
    DeadlineFilter.rejecting(share, clock); // Refuses what is not in its range.
    deadlines = time -> DeadlineFilter.rejecting(share, time);
    return this;
  }

  /**
   * Sets what requests of one connection have in common, such as the address of the client: see
   * {@link DeadlineFilter#perConnection}. If it is not set, all requests count together.
   */
  public ServerStack<Q, R> connections(Function<? super Q, ?> connection) {
    this.connection = requireNonNull(connection, "connection");
    return this;
  }

  /** Limits the time of each request. */
  public ServerStack<Q, R> requestTimeout(Duration limit) {
    requestTimeout = Check.positive("requestTimeout", limit);
    return this;
  }

  /** All that was set, as one filter. */
  public Filter<Q, R, Q, R> filter() {
    Filter<Q, R, Q, R> counting =
        metrics == null
            ? Filter.identity()
            : new MetricsFilter<>(metrics, "server/" + name, classifier, clock);
    Filter<Q, R, Q, R> timeout =
        requestTimeout == null ? Filter.identity() : new TimeoutFilter<>(requestTimeout, clock);
    return monitor
        .andThen(traces())
        .andThen(outermost)
        .andThen(counting)
        .andThen(limit)
        .andThen(admission)
        .andThen(deadlines())
        .andThen(timeout);
  }

  private Filter<Q, R, Q, R> traces() {
    if (traced < 0) {
      return Filter.identity();
    }
    return new TraceStart<>(traced, random == null ? SharedRandom.unseeded() : random);
  }

  private Filter<Q, R, Q, R> deadlines() {
    DeadlineFilter<Q, R> all = deadlines.apply(clock);
    DeadlineFilter<Q, R> filter = connection == null ? all : all.perConnection(connection);
    if (metrics != null) {
      String prefix = "server/" + name + "/deadlines_";
      metrics.add(PullCounter.of(prefix + "expired", filter::expired));
      metrics.add(PullCounter.of(prefix + "rejected", filter::refused));
    }
    return filter;
  }

  /** A service with all that was set before it. */
  public Service<Q, R> build(Service<Q, R> service) {
    return filter().andThen(service);
  }
}
