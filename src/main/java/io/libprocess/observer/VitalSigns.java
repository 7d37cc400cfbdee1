package io.libprocess.observer;

import io.libprocess.future.Future;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.metrics.Histogram;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.Metrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The data of the charts, from the metrics of the node: the rates of counters, other values, and
 * for distributions the percentiles of the values since the last look. Used by one thread at a
 * time.
 */
final class VitalSigns {

  /** The metrics that are shown as rates, by their names on the page. */
  private static final Map<String, List<String>> RATES =
      Map.of(
          "events", List.of("libprocess/events"),
          "messagesSent", List.of("libprocess/messages_sent"),
          "messagesLost", List.of("libprocess/messages_dropped", "libprocess/messages_unanswered"),
          "bytesIn", List.of("libprocess/received_bytes"),
          "bytesOut", List.of("libprocess/sent_bytes"),
          "collecting", List.of("jvm/collection_seconds"));

  /** The metrics that are shown as they are. */
  private static final Map<String, String> VALUES =
      Map.of(
          "workersBusy", "libprocess/workers_busy",
          "blockingCalls", "libprocess/blocking_calls",
          "connections", "libprocess/connections",
          "stallsTotal", "libprocess/stalls",
          "heapUsed", "jvm/heap_used_bytes",
          "heapCommitted", "jvm/heap_committed_bytes",
          "heapMax", "jvm/heap_max_bytes",
          "threads", "jvm/threads");

  /** The distributions. */
  private static final Map<String, String> DISTRIBUTIONS =
      Map.of(
          "wait", "libprocess/event_wait",
          "lag", "libprocess/io_lag");

  private static final String REQUESTS = "libprocess/http_requests{";
  private static final String REQUEST_DURATIONS = "libprocess/http_request{";
  private static final String SERVER_ERROR = "status=\"5";

  private static final int[] PERCENTILES = {50, 95, 99};

  private final ObservedNode node;
  private final Metrics metrics;
  private Collection<Metric> requests = List.of(); // As of this look.
  private Map<String, Double> counts = Map.of();
  private Map<String, List<Histogram.Bucket>> distributions = Map.of();

  VitalSigns(ObservedNode node) {
    this.node = node;
    this.metrics = node.metrics();
  }

  /** Records the current counts: later ones are counted from here. */
  void begin() {
    requests = node.requestMetrics();
    counts = counts();
    distributions = distributions();
  }

  /**
   * Writes the members of a point.
   *
   * @param nanos the time since the last one
   */
  void write(JsonWriter json, long nanos) {
    Map<String, Double> countsBefore = counts;
    Map<String, List<Histogram.Bucket>> distributionsBefore = distributions;
    begin();
    counts.forEach(
        (name, count) -> {
          double since = count - countsBefore.getOrDefault(name, count);
          number(json, name, since * 1e9 / Math.max(1, nanos));
        });
    VALUES.forEach(
        (name, metric) -> {
          Double value = value(metric);
          if (value != null) {
            number(json, name, value);
          }
        });
    distributions.forEach(
        (name, now) -> {
          if (!now.isEmpty()) {
            List<Histogram.Bucket> before = distributionsBefore.getOrDefault(name, List.of());
            writePercentiles(json, name, combined(now, before, -1));
          }
        });
  }

  private static void number(JsonWriter json, String name, double value) {
    json.name(name).value(Double.isFinite(value) ? value : 0);
  }

  private Map<String, Double> counts() {
    Map<String, Double> found = new HashMap<>();
    RATES.forEach(
        (name, parts) ->
            parts.stream()
                .map(this::value)
                .filter(value -> value != null)
                .reduce(Double::sum)
                .ifPresent(sum -> found.put(name, sum)));
    found.put("requests", requests(""));
    found.put("requestErrors", requests(SERVER_ERROR));
    return found;
  }

  /** How many answered requests have labels that contain a given part. */
  private double requests(String label) {
    return sum(
        requests.stream()
            .filter(one -> one.name().startsWith(REQUESTS) && one.name().contains(label))
            .toList());
  }

  /** The current value of a metric; null if there is none, or it is not ready. */
  private Double value(String name) {
    List<Metric> found = metrics.named(name);
    return found.isEmpty() ? null : sum(found);
  }

  private static double sum(List<Metric> metrics) {
    double sum = 0;
    for (Metric metric : metrics) {
      Future<Double> value = metric.value();
      if (value.isReady() && value.get() != null) {
        sum += value.get();
      }
    }
    return sum;
  }

  /* ---------------- Percentiles ---------------- */

  private Map<String, List<Histogram.Bucket>> distributions() {
    Map<String, List<Histogram.Bucket>> found = new HashMap<>();
    DISTRIBUTIONS.forEach((name, metric) -> found.put(name, buckets(metrics.named(metric))));
    List<Metric> durations =
        requests.stream().filter(one -> one.name().startsWith(REQUEST_DURATIONS)).toList();
    found.put("latency", buckets(durations));
    return found;
  }

  private static void writePercentiles(JsonWriter json, String name, List<Histogram.Bucket> since) {
    for (int percentile : PERCENTILES) {
      number(json, name + percentile, percentile(since, percentile / 100.0));
    }
  }

  /** The buckets of several histograms, added up. */
  private static List<Histogram.Bucket> buckets(List<Metric> histograms) {
    List<Histogram.Bucket> sum = List.of();
    for (Metric metric : histograms) {
      if (metric instanceof Histogram histogram) {
        sum = combined(sum, histogram.buckets(), 1);
      }
    }
    return sum;
  }

  private static List<Histogram.Bucket> combined(
      List<Histogram.Bucket> first, List<Histogram.Bucket> second, int sign) {
    if (first.isEmpty() || second.isEmpty()) {
      return first.isEmpty() ? second : first;
    }
    List<Histogram.Bucket> result = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      long count = first.get(i).count() + sign * second.get(i).count();
      result.add(new Histogram.Bucket(first.get(i).atMost(), count));
    }
    return result;
  }

  /**
   * The value below which a fraction of the values lie, interpolated within a bucket; 0 if there
   * are none.
   */
  static double percentile(List<Histogram.Bucket> buckets, double fraction) {
    long total = buckets.isEmpty() ? 0 : buckets.get(buckets.size() - 1).count();
    if (total <= 0) {
      return 0;
    }
    double position = fraction * total;
    double low = 0;
    long before = 0;
    for (Histogram.Bucket bucket : buckets) {
      if (bucket.count() >= position && bucket.count() > before) {
        double within = (position - before) / (bucket.count() - before);
        double high = Double.isInfinite(bucket.atMost()) ? low : bucket.atMost();
        return low + (high - low) * within;
      }
      before = bucket.count();
      low = bucket.atMost();
    }
    return low;
  }
}
