package io.libprocess.node;

import io.libprocess.actor.ProcessCell;
import io.libprocess.actor.Processes;
import io.libprocess.internal.scheduler.Running;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.Metrics;
import io.libprocess.metrics.PullGauge;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The metrics of processes by class: their number and the length of their mailboxes at the time of
 * a snapshot, which walks once over all of them. Thread-safe.
 */
final class ProcessMetrics implements Supplier<Collection<Metric>> {

  private static final String PROCESSES = "libprocess/processes";
  private static final String READY = "libprocess/processes_ready";
  private static final String WAITING = "libprocess/events_waiting";
  private static final String DEPTH = "libprocess/mailbox_depth";

  /** How many classes are counted separately; a program written by people hardly has more. */
  private static final int MOST_CLASSES = 200;

  /** How far one mailbox is counted, and all together. */
  private static final int MOST_OF_ONE = 100_000;

  private static final int MOST_OF_ALL = 1_000_000;

  private final Processes processes;
  private final Scheduler scheduler;

  ProcessMetrics(Processes processes, Scheduler scheduler) {
    this.processes = processes;
    this.scheduler = scheduler;
  }

  static void describe(Metrics metrics) {
    metrics.describe(PROCESSES, "Live processes, by their classes.");
    metrics.describe(READY, "Processes that are being run or wait for a worker.");
    metrics.describe(WAITING, "Events that wait in mailboxes.");
    metrics.describe(DEPTH, "Events that wait in one mailbox, of those in which any do.");
  }

  @Override
  public Collection<Metric> get() {
    Map<Object, Running> running = new LinkedHashMap<>();
    scheduler.running().forEach(one -> running.put(one.task(), one));
    Map<String, Integer> classes = new TreeMap<>();
    List<Integer> depths = new ArrayList<>();
    int ready = 0;
    int total = 0;
    for (ProcessCell cell : processes.all()) {
      if (!cell.isLive()) {
        continue;
      }
      String name = cell.type().getName();
      boolean isKnown = classes.containsKey(name) || classes.size() < MOST_CLASSES;
      classes.merge(isKnown ? name : "other", 1, Integer::sum);
      if (!cell.isIdle()) {
        ready++;
        int limit = Math.min(MOST_OF_ONE, MOST_OF_ALL - total);
        int depth = cell.depth(running.get(cell), limit);
        total += depth;
        if (depth > 0) {
          depths.add(depth);
        }
      }
    }
    return metrics(classes, ready, total, depths);
  }

  private static List<Metric> metrics(
      Map<String, Integer> classes, int ready, int total, List<Integer> depths) {
    List<Metric> metrics = new ArrayList<>();
    classes.forEach((name, count) -> metrics.add(gauge(PROCESSES + label("class", name), count)));
    metrics.add(gauge(READY, ready));
    metrics.add(gauge(WAITING, total));
    depths.sort(null);
    metrics.add(gauge(DEPTH + label("percentile", "50"), percentile(depths, 0.5)));
    metrics.add(gauge(DEPTH + label("percentile", "99"), percentile(depths, 0.99)));
    metrics.add(gauge(DEPTH + label("percentile", "100"), percentile(depths, 1)));
    return metrics;
  }

  private static String label(String name, String value) {
    return "{" + name + "=\"" + value + "\"}";
  }

  private static Metric gauge(String name, int value) {
    return PullGauge.of(name, () -> value);
  }

  private static int percentile(List<Integer> sorted, double fraction) {
    return sorted.isEmpty() ? 0 : sorted.get((int) (fraction * (sorted.size() - 1)));
  }
}
