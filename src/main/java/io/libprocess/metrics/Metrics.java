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
 * Metrics by their names, and what they all say at one time. All methods may be called from any
 * thread.
 */
public final class Metrics {

  private final ConcurrentNavigableMap<String, Metric> metrics = new ConcurrentSkipListMap<>();
  private final List<Supplier<? extends Collection<? extends Metric>>> sources =
      new CopyOnWriteArrayList<>();
  private final ConcurrentMap<String, String> helps = new ConcurrentHashMap<>();
  private final Clock clock;

  /** No metrics yet; the timeouts of snapshots go by the clock of the calling thread. */
  public Metrics() {
    this(Clock.current());
  }

  /** No metrics yet; the timeouts of snapshots go by a clock. */
  public Metrics(Clock clock) {
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Adds a metric.
   *
   * @throws IllegalArgumentException if there is one of its name
   */
  public void add(Metric metric) {
    if (metrics.putIfAbsent(metric.name(), metric) != null) {
      throw new IllegalArgumentException("there is a metric '" + metric.name() + "' already");
    }
  }

  /**
   * Removes the metric that has the name of the given one. A snapshot that was begun before may
   * still ask it.
   *
   * @return whether there was one
   */
  public boolean remove(Metric metric) {
    return metrics.remove(metric.name()) != null;
  }

  /**
   * What all metrics say, when each has said it or cannot say it any more; see {@link
   * #snapshot(Duration)}. It is pending for as long as a gauge is.
   */
  public Future<SortedMap<String, Double>> snapshot() {
    return begin().future();
  }

  /**
   * What all metrics say, by their names and in the order of these, at the latest when a time has
   * passed. All values are asked for inside this call, which is also the time of the statistics:
   * {@code <name>/count}, {@code /max}, {@code /min}, {@code /p50}, {@code /p90}, {@code /p95},
   * {@code /p99}, {@code /p999} and {@code /p9999}. A metric whose value has failed, was discarded
   * or abandoned, or is still pending is left out, but its statistics are not.
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
   * Adds metrics that come and go: a source is asked at the begin of each snapshot for those that
   * there are then. One whose name has been added is left out.
   *
   * @param source runs on any thread, for several callers at once, and must not block; if it throws
   *     anything it has none
   */
  public void addSource(Supplier<? extends Collection<? extends Metric>> source) {
    sources.add(requireNonNull(source, "source"));
  }

  /** All metrics that there are now, in the order of their names. */
  private List<Metric> current() {
    if (sources.isEmpty()) {
      return List.copyOf(metrics.values());
    }
    SortedMap<String, Metric> all = new TreeMap<>(metrics);
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

  /** The metrics of a name, whatever their labels, that were added. */
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
   * Says what the metrics of a name are about, whatever their labels, for {@link #prometheus}.
   *
   * @param name without labels
   * @param help one sentence
   */
  public void describe(String name, String help) {
    helps.put(requireNonNull(name, "name"), requireNonNull(help, "help"));
  }

  /**
   * What all metrics say, at the latest when a time has passed, in Prometheus' text format, version
   * 0.0.4.
   *
   * <p>Names: what follows the first brace are {@linkplain Metric labels}; of the rest each
   * character that is not a letter, a digit, an underscore or a colon becomes an underscore. Of two
   * metrics that are the same then, the first one is shown. Counters end with {@code _total}, and
   * nothing else does; histograms of durations and stopwatches with {@code _seconds}, the latter in
   * place of their unit. The statistics of a history are gauges with the suffix {@code _history}
   * and a label {@code statistic}.
   */
  public Future<String> prometheus(Duration timeout) {
    return exposition(false, timeout);
  }

  /** Does the same as {@link #prometheus}, as OpenMetrics, version 1.0.0. */
  public Future<String> openMetrics(Duration timeout) {
    return exposition(true, timeout);
  }

  private Future<String> exposition(boolean isOpenMetrics, Duration timeout) {
    requireNonNull(timeout, "timeout");
    List<Metric> asked = current();
    // Histograms are not asked: the text has their buckets instead of numbers of a snapshot.
    Snapshot snapshot =
        begin(asked.stream().filter(metric -> !(metric instanceof Histogram)).toList());
    snapshot.limit(clock, timeout);
    return snapshot.future().map(numbers -> Exposition.of(isOpenMetrics, asked, helps, numbers));
  }
}
