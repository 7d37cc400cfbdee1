package io.libprocess.metrics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes metrics as scrapers read them: in Prometheus' text format, version 0.0.4, or as
 * OpenMetrics 1.0.0. Metrics without a number are left out, and so is a metric that scrapers could
 * not tell from another one, because the two differ only in characters that scrapers do not
 * support.
 */
final class Exposition {

  private static final String[] STATISTICS = {
    "count", "max", "min", "p50", "p90", "p95", "p99", "p999", "p9999"
  };

  private static final String TOTAL = "_total";
  private static final String SECONDS = "_seconds";
  private static final double MOST_WHOLE = 1e15;

  /** The metrics of one name and type. */
  private static final class Family {
    private final String type;
    private final String help;
    private final List<Series> series = new ArrayList<>();

    Family(String type, String help) {
      this.type = type;
      this.help = help;
    }
  }

  /** A metric of a family, or a part of it that is shown there. */
  private record Series(MetricName name, Metric metric, String key, double factor) {}

  private final boolean isOpenMetrics;
  private final Map<String, String> helps;
  private final SortedMap<String, Double> numbers;
  private final SortedMap<String, Family> families = new TreeMap<>();
  private final Set<String> seen = new HashSet<>();
  private final StringBuilder out = new StringBuilder();

  private Exposition(
      boolean isOpenMetrics, Map<String, String> helps, SortedMap<String, Double> numbers) {
    this.isOpenMetrics = isOpenMetrics;
    this.helps = helps;
    this.numbers = numbers;
  }

  /**
   * Writes metrics as text.
   *
   * @param helps the descriptions of metrics, by name without labels
   * @param numbers the values in a snapshot of the metrics
   */
  static String of(
      boolean isOpenMetrics,
      List<Metric> metrics,
      Map<String, String> helps,
      SortedMap<String, Double> numbers) {
    Exposition exposition = new Exposition(isOpenMetrics, helps, numbers);
    metrics.forEach(exposition::add);
    exposition.families.forEach(exposition::write);
    return exposition.out.append(isOpenMetrics ? "# EOF\n" : "").toString();
  }

  /* ---------------- Families ---------------- */

  private void add(Metric metric) {
    MetricName name = MetricName.of(metric.name());
    String help = helps.getOrDefault(MetricName.withoutLabels(metric.name()), "");
    if (metric instanceof Histogram histogram) {
      add(
          histogram.isOfDurations() ? withSeconds(name) : name.family(),
          "histogram",
          help,
          new Series(name, metric, metric.name(), 1));
      return;
    }
    if (metric instanceof Counter || metric instanceof PullCounter) {
      add(withoutTotal(name), "counter", help, new Series(name, metric, metric.name(), 1));
    } else if (metric instanceof Stopwatch stopwatch) {
      int unit = name.family().lastIndexOf('_');
      String family = name.family().substring(0, unit) + SECONDS;
      double factor = stopwatch.unitInSeconds();
      add(family, "gauge", help, new Series(name, metric, metric.name(), factor));
    } else {
      add(withoutTotal(name), "gauge", help, new Series(name, metric, metric.name(), 1));
    }
    addHistory(metric, name, help);
  }

  /** Only the samples of counters may have the suffix. */
  private static String withoutTotal(MetricName name) {
    String family = name.family();
    return family.endsWith(TOTAL) ? family.substring(0, family.length() - TOTAL.length()) : family;
  }

  private static String withSeconds(MetricName name) {
    String family = name.family();
    return family.endsWith(SECONDS) ? family : family + SECONDS;
  }

  /** Adds the statistics of a history, as gauges with a label that names the statistic. */
  private void addHistory(Metric metric, MetricName name, String help) {
    if (!numbers.containsKey(metric.name() + "/count")) {
      return;
    }
    for (String statistic : STATISTICS) {
      MetricName labelled = name.with("statistic", statistic);
      String key = metric.name() + "/" + statistic;
      add(name.family() + "_history", "gauge", help, new Series(labelled, metric, key, 1));
    }
  }

  private void add(String name, String type, String help, Series series) {
    Family family = families.computeIfAbsent(name, key -> new Family(type, help));
    if (family.type.equals(type)
        && (series.metric instanceof Histogram || numbers.containsKey(series.key))
        && seen.add(name + series.name.braced())) {
      family.series.add(series);
    }
  }

  /* ---------------- Lines ---------------- */

  private void write(String name, Family family) {
    if (family.series.isEmpty()) {
      return;
    }
    boolean isCounter = family.type.equals("counter");
    String sample = isCounter ? name + TOTAL : name;
    String described = isOpenMetrics ? name : sample;
    String help = family.help.isEmpty() ? name : family.help;
    out.append("# HELP ").append(described).append(' ').append(escaped(help)).append('\n');
    out.append("# TYPE ").append(described).append(' ').append(family.type).append('\n');
    for (Series series : family.series) {
      if (series.metric instanceof Histogram histogram) {
        writeHistogram(name, series.name, histogram);
      } else {
        out.append(sample).append(series.name.braced()).append(' ');
        out.append(number(numbers.get(series.key) * series.factor)).append('\n');
      }
    }
  }

  private void writeHistogram(String family, MetricName name, Histogram histogram) {
    Histogram.Shown shown = histogram.shown();
    for (Histogram.Bucket bucket : shown.buckets()) {
      out.append(family).append("_bucket").append(name.with("le", bound(bucket.atMost())).braced());
      out.append(' ').append(bucket.count()).append('\n');
    }
    String labels = name.braced();
    out.append(family).append("_sum").append(labels).append(' ').append(number(shown.sum()));
    out.append('\n').append(family).append("_count").append(labels).append(' ');
    out.append(shown.buckets().get(shown.buckets().size() - 1).count()).append('\n');
  }

  private static String bound(double bound) {
    if (Double.isInfinite(bound)) {
      return "+Inf";
    }
    String plain = BigDecimal.valueOf(bound).toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  static String number(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    boolean isWhole = number == Math.rint(number) && Math.abs(number) < MOST_WHOLE;
    return isWhole ? Long.toString((long) number) : Double.toString(number);
  }

  private String escaped(String help) {
    String escaped = help.replace("\\", "\\\\").replace("\n", "\\n");
    return isOpenMetrics ? escaped.replace("\"", "\\\"") : escaped;
  }
}
