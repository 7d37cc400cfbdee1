package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.internal.StackReserve;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Histogram;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.Metrics;
import io.libprocess.metrics.PushGauge;
import io.libprocess.service.Filter;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.ResponseClass;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.support.Ending;
import io.libprocess.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts requests and how long their responses take. Its metrics begin with a prefix and are:
 * {@code /requests}, which counts what is over; {@code /success}; {@code /failures} with the label
 * {@code class}, which is the simple name of the failure's class, {@code response} for a response
 * that is a failure, or {@code abandoned}; {@code /pending}, what is not over; and {@code
 * /latency}, a histogram. What is {@linkplain ResponseClass#IGNORABLE ignorable} is only counted
 * while it is pending.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class MetricsFilter<Q, R> implements Filter<Q, R, Q, R>, AutoCloseable {

  private static final int MOST_CLASSES = 32; // Others are counted together.

  static {
    Ending.load();
  }

  private final Metrics metrics;
  private final String prefix;
  private final ResponseClassifier<Q, R> classifier;
  private final Clock clock;
  private final Counter requests;
  private final Counter success;
  private final PushGauge pending;
  private final Histogram latency;
  private final Map<String, Counter> failures = new ConcurrentHashMap<>();
  private boolean closed; // Guarded by this, as what is added to the metrics.

  /**
   * Makes a filter and adds its metrics.
   *
   * @param prefix what their names begin with, without a slash at its end
   * @throws IllegalArgumentException if there are metrics of these names
   */
  public MetricsFilter(
      Metrics metrics, String prefix, ResponseClassifier<Q, R> classifier, Clock clock) {
    this.metrics = requireNonNull(metrics, "metrics");
    this.prefix = requireNonNull(prefix, "prefix");
    this.classifier = requireNonNull(classifier, "classifier");
    this.clock = requireNonNull(clock, "clock");
    this.requests = new Counter(prefix + "/requests");
    this.success = new Counter(prefix + "/success");
    this.pending = new PushGauge(prefix + "/pending");
    this.latency = Histogram.ofDurations(prefix + "/latency");
    all().forEach(metrics::add);
  }

  private List<Metric> all() {
    return List.of(requests, success, pending, latency);
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    StackReserve.checkForOperation(); // What is pending is over some time.
    PendingRequest over = new PendingRequest(request, clock.nanoTime());
    pending.increment();
    Future<R> response;
    try {
      response = service.call(request);
    } catch (Throwable thrown) { // There was no stack for the call.
      pending.decrement();
      throw thrown;
    }
    return Ending.of(response, over);
  }

  /** A request until it is over; no lambda, because none can be linked at the end of the stack. */
  private final class PendingRequest implements CheckedConsumer<Future<R>> {

    private final Q request;
    private final long begin;

    PendingRequest(Q request, long begin) {
      this.request = request;
      this.begin = begin;
    }

    @Override
    public void accept(Future<R> outcome) {
      pending.decrement();
      count(request, outcome, begin);
    }
  }

  private void count(Q request, Future<R> outcome, long begin) {
    ResponseClass meaning = classifier.decide(request, outcome);
    if (meaning == ResponseClass.IGNORABLE) {
      return;
    }
    requests.increment();
    latency.record(clock.nanoTime() - begin);
    if (meaning == ResponseClass.SUCCESS) {
      success.increment();
    } else {
      failed(className(outcome)).increment();
    }
  }

  private static String className(Future<?> outcome) {
    if (!outcome.isFailed()) {
      return outcome.isReady() ? "response" : "abandoned";
    }
    Throwable failure = outcome.failure();
    Throwable itself = failure instanceof FlaggedFailure flagged ? flagged.unflagged() : failure;
    String name = itself.getClass().getSimpleName();
    return name.isEmpty() ? "unnamed" : name; // An anonymous class.
  }

  private Counter failed(String className) {
    Counter known = failures.get(className);
    if (known != null) {
      return known;
    }
    String counted = failures.size() < MOST_CLASSES ? className : "other";
    synchronized (this) {
      return failures.computeIfAbsent(counted, this::failures);
    }
  }

  private Counter failures(String className) {
    Counter counter = new Counter(prefix + "/failures{class=\"" + className + "\"}");
    if (!closed) { // A late failure must not bring back what was removed.
      metrics.add(counter);
    }
    return counter;
  }

  /** Removes its metrics. */
  @Override
  public synchronized void close() {
    closed = true;
    all().forEach(metrics::remove);
    failures.values().forEach(metrics::remove);
  }
}
