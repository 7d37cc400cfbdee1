package io.libprocess.metrics;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A snapshot of the values of metrics. It knows which values are still to come; the last of them,
 * the timeout or a discard request ends it, whichever is first, and later ones have no effect. An
 * abandoned value is not waited for, even if it is completed nevertheless.
 *
 * <p>The fields that change are guarded by the monitor, which is not held while the future
 * completes.
 */
final class Snapshot {

  private final List<Metric> metrics;
  private final Promise<SortedMap<String, Double>> promise = new Promise<>();
  private SortedMap<String, Double> numbers = new TreeMap<>(); // Null once it has ended.
  private final Set<String> awaited = new HashSet<>();
  private boolean asking = true; // Not all metrics have been asked yet.

  Snapshot(List<Metric> metrics) {
    this.metrics = metrics;
  }

  Future<SortedMap<String, Double>> future() {
    return promise.future();
  }

  /** Asks all metrics; the snapshot may end inside this call. */
  void begin() {
    promise.future().onDiscard(this::discard);
    metrics.forEach(metric -> metric.statistics().ifPresent(s -> add(metric.name(), s)));
    for (Metric metric : metrics) {
      ask(metric);
    }
    boolean complete;
    synchronized (this) {
      asking = false;
      complete = awaited.isEmpty();
    }
    if (complete) {
      end();
    }
  }

  private void ask(Metric metric) {
    String name = metric.name();
    Future<Double> value = metric.value();
    if (value.isReady()) { // Most values are, and there may be many.
      putNow(name, value.get());
      return;
    }
    synchronized (this) {
      awaited.add(name);
    }
    value.onAny(done -> arrived(name, done)).onAbandoned(() -> settled(name));
  }

  private synchronized void putNow(String name, Double number) {
    if (numbers != null && number != null) {
      numbers.put(name, number);
    }
  }

  /** Ends the snapshot after a time at the latest. */
  void limit(Clock clock, Duration timeout) {
    if (promise.future().isPending()) {
      Timer timer = clock.timer(timeout, this::end);
      promise.future().onAny(ended -> timer.cancel());
    }
  }

  private synchronized void add(String name, Statistics<Double> statistics) {
    numbers.put(name + "/count", (double) statistics.count());
    numbers.put(name + "/max", statistics.max());
    numbers.put(name + "/min", statistics.min());
    numbers.put(name + "/p50", statistics.p50());
    numbers.put(name + "/p90", statistics.p90());
    numbers.put(name + "/p95", statistics.p95());
    numbers.put(name + "/p99", statistics.p99());
    numbers.put(name + "/p999", statistics.p999());
    numbers.put(name + "/p9999", statistics.p9999());
  }

  private void arrived(String name, Future<Double> value) {
    if (value.isReady() && value.get() != null) {
      put(name, value.get());
    }
    settled(name);
  }

  private synchronized void put(String name, double number) {
    if (numbers != null && awaited.contains(name)) {
      numbers.put(name, number);
    }
  }

  private void settled(String name) {
    boolean complete;
    synchronized (this) {
      awaited.remove(name);
      complete = awaited.isEmpty() && !asking;
    }
    if (complete) {
      end();
    }
  }

  private void end() {
    SortedMap<String, Double> result = take();
    if (result != null) {
      promise.set(result);
    }
  }

  private void discard() {
    if (take() != null) {
      promise.discard();
    }
  }

  private synchronized SortedMap<String, Double> take() {
    SortedMap<String, Double> taken = numbers;
    numbers = null;
    return taken;
  }
}
