package io.libprocess.service.stack;

import static java.util.Objects.requireNonNull;

import io.libprocess.metrics.Metrics;
import io.libprocess.service.Filter;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.filter.ConcurrencyLimit;
import io.libprocess.service.filter.DeadlineFilter;
import io.libprocess.service.filter.MetricsFilter;
import io.libprocess.service.filter.TimeoutFilter;
import io.libprocess.settings.Check;
import io.libprocess.time.Clock;
import java.time.Duration;

/**
 * Puts filters before the service of a server. From the outside to the inside they are: filters of
 * the application, metrics, the limit of requests at a time, admission, the check of deadlines, and
 * the request timeout. So what is refused is counted, and a deadline that is past is seen before
 * the timeout sets a new one.
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
  private Filter<Q, R, Q, R> outermost = Filter.identity();
  private Filter<Q, R, Q, R> admission = Filter.identity();
  private Filter<Q, R, Q, R> limit = Filter.identity();
  private Metrics metrics; // Null: none.
  private ResponseClassifier<Q, R> classifier = ResponseClassifier.standard();
  private double rejectedShare; // 0: deadlines are only observed.
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

  /** Adds a filter outside of all others, behind those that were added before. */
  public ServerStack<Q, R> filter(Filter<Q, R, Q, R> filter) {
    outermost = outermost.andThen(requireNonNull(filter, "filter"));
    return this;
  }

  /** Adds a filter that decides which requests are served, behind those that were added before. */
  public ServerStack<Q, R> admission(Filter<Q, R, Q, R> filter) {
    admission = admission.andThen(requireNonNull(filter, "filter"));
    return this;
  }

  /** Sets where metrics are added; there are none if it is not set. */
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

  /**
   * Has requests refused whose deadline is past when they arrive.
   *
   * @param share which part of all requests at most: see {@link DeadlineFilter#rejecting}
   */
  public ServerStack<Q, R> rejectExpired(double share) {
    rejectedShare = share;
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
    Filter<Q, R, Q, R> deadlines =
        rejectedShare == 0
            ? DeadlineFilter.observing(clock)
            : DeadlineFilter.rejecting(rejectedShare, clock);
    Filter<Q, R, Q, R> timeout =
        requestTimeout == null ? Filter.identity() : new TimeoutFilter<>(requestTimeout, clock);
    return outermost
        .andThen(counting)
        .andThen(limit)
        .andThen(admission)
        .andThen(deadlines)
        .andThen(timeout);
  }

  /** A service with all that was set before it. */
  public Service<Q, R> build(Service<Q, R> service) {
    return filter().andThen(service);
  }
}
