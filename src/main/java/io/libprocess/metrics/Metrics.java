package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.internal.Log;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * A registry of metrics by name, which takes snapshots of them. All methods may be called from any
 * thread.
 */
public final class Metrics {

  private final ConcurrentNavigableMap<String, Metric> metrics = new ConcurrentSkipListMap<>();
  private final List<Supplier<? extends Collection<? extends Metric>>> sources =
      new CopyOnWriteArrayList<>();
  private final ConcurrentMap<String, String> helps = new ConcurrentHashMap<>();
  private final Clock clock;

  /**
   * Makes a registry without metrics; the timeouts of snapshots are measured by the clock of the
   * calling thread.
   */
  public Metrics() {
    this(Clock.current());
  }

  /**
   * Makes a registry without metrics; the timeouts of snapshots are measured by the given clock.
   */
  public Metrics(Clock clock) {
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Adds a metric.
   *
   * @throws IllegalArgumentException if there is one with its name
   */
  public void add(Metric metric) {
    if (metrics.putIfAbsent(metric.name(), metric) != null) {
      throw new IllegalArgumentException("there is a metric '" + metric.name() + "' already");
    }
  }

  /**
   * Removes the metric that has the name of the given one. A snapshot that has already begun may
   * still ask it.
   *
   * @return whether there was one
   */
  public boolean remove(Metric metric) {
    return metrics.remove(metric.name()) != null;
  }

  /**
   * A snapshot of all metrics, ready when each has given its value or can no longer do so; see
   * {@link #snapshot(Duration)}. It is pending for as long as a gauge is.
   */
  public Future<SortedMap<String, Double>> snapshot() {
    return begin().future();
  }

  /**
   * A snapshot of all metrics by name, in the order of names, ready at the latest when a time has
   * passed. All values are requested inside this call, which also takes the statistics: {@code
   * <name>/count}, {@code /max}, {@code /min}, {@code /p50}, {@code /p90}, {@code /p95}, {@code
   * /p99}, {@code /p999} and {@code /p9999}. A metric whose value has failed, was discarded or
   * abandoned, or is still pending is left out, but its statistics are not.
   *
   * <p>A discard request discards the result. Neither that nor the timeout stops what a gauge has
   * begun.
   */
  public Future<SortedMap<String, Double>> snapshot(Duration timeout) {
    requireNonNull(timeout, "timeout");
    Snapshot snapshot = begin();
    snapshot.limit(clock, timeout);
    return snapshot.future();
  }

  /**
   * Adds a source of metrics that come and go: at the beginning of each snapshot it is asked for
   * the current ones. A metric whose name is already taken is left out.
   *
   * @param source runs on any thread, for several callers at once, and must not block; if it
   *     throws, it has no metrics
   */
  public void addSource(Supplier<? extends Collection<? extends Metric>> source) {
    sources.add(requireNonNull(source, "source"));
  }

  /** All current metrics, in the order of their names. */
  private List<Metric> current() {
    if (sources.isEmpty()) {
      return List.copyOf(metrics.values());
    }
    SortedMap<String, Metric> all = new TreeMap<>();
    metrics.forEach(all::put); // The constructor would rely on a size that others may change.
    for (Supplier<? extends Collection<? extends Metric>> source : sources) {
      try {
        source.get().forEach(metric -> all.putIfAbsent(metric.name(), metric));
      } catch (Throwable thrown) {
        Log.debug("A source of metrics threw", thrown);
      }
    }
    return List.copyOf(all.values());
  }

  private Snapshot begin() {
    return begin(current());
  }

  private static Snapshot begin(List<Metric> asked) {
    Snapshot snapshot = new Snapshot(asked);
    snapshot.begin();
    return snapshot;
  }

  /** The metrics of a name, whatever their labels, among those that were added. */
  public List<Metric> named(String name) {
    Metric plain = metrics.get(name);
    List<Metric> found = new ArrayList<>(metrics.tailMap(name + "{").headMap(name + "|").values());
    if (plain != null) {
      found.add(plain);
    }
    return found;
  }

  /* ---------------- For scrapers ---------------- */

  /**
   * Describes the metrics of a name, whatever their labels, for {@link #prometheus}.
   *
   * @param name the name without labels
   * @param help one sentence
   */
  public void describe(String name, String help) {
    helps.put(requireNonNull(name, "name"), requireNonNull(help, "help"));
  }

  /**
   * A snapshot of all metrics in Prometheus' text format, version 0.0.4, ready at the latest when a
   * time has passed.
   *
   * <p>The part of a name from the first brace on consists of {@linkplain Metric labels}; in the
   * rest each character that is not a letter, a digit, an underscore or a colon becomes an
   * underscore. Of two metrics whose names are then equal, the first one is shown. Only the names
   * of counters end with {@code _total}; histograms of durations and stopwatches with {@code
   * _seconds}, the latter in place of their unit. The statistics of a history are gauges with the
   * suffix {@code _history} and a label {@code statistic}.
   */
  public Future<String> prometheus(Duration timeout) {
    return exposition(false, timeout);
  }

  /** Like {@link #prometheus}, in the OpenMetrics format, version 1.0.0. */
  public Future<String> openMetrics(Duration timeout) {
    return exposition(true, timeout);
  }

  private Future<String> exposition(boolean isOpenMetrics, Duration timeout) {
    requireNonNull(timeout, "timeout");
    List<Metric> asked = current();
    // Histograms are not asked: the text has their buckets instead of their values in the snapshot.
    Snapshot snapshot =
        begin(asked.stream().filter(metric -> !(metric instanceof Histogram)).toList());
    snapshot.limit(clock, timeout);
    return snapshot.future().map(numbers -> Exposition.of(isOpenMetrics, asked, helps, numbers));
  }
}
