package io.libprocess.web;

import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.Counted;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.Metrics;
import io.libprocess.metrics.PullCounter;
import io.libprocess.metrics.PullGauge;
import io.libprocess.net.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Adds the metrics of a server to a registry: those of its connections, requests and memory, and of
 * the transport below. All methods may be called from any thread.
 */
public final class ServerMetrics implements Counted.Collector {

  private static final String PREFIX = "libprocess/";

  private final Metrics metrics; // Which has the descriptions.
  private final Consumer<Metric> adding;

  /** Makes what adds to a registry. */
  public ServerMetrics(Metrics metrics) {
    this(metrics, metrics::add);
  }

  private ServerMetrics(Metrics metrics, Consumer<Metric> adding) {
    this.metrics = metrics;
    this.adding = adding;
  }

  /** Adds a metric; what it is follows from its name without the labels. */
  public void add(Metric metric, String help) {
    adding.accept(metric);
    int labels = metric.name().indexOf('{');
    metrics.describe(labels < 0 ? metric.name() : metric.name().substring(0, labels), help);
  }

  @Override
  public void counter(String name, String help, LongSupplier count) {
    add(PullCounter.of(PREFIX + name, count), help);
  }

  @Override
  public void gauge(String name, String help, LongSupplier value) {
    add(PullGauge.of(PREFIX + name, value::getAsLong), help);
  }

  /** Adds the counts of routes. */
  public void watch(RouteMetrics routes) {
    metrics.addSource(routes);
    metrics.describe(RouteMetrics.REQUESTS, "Requests that were answered, by route and status.");
    metrics.describe(RouteMetrics.DURATIONS, "Time to the answers of requests, by route.");
  }

  /** Adds the use of a memory budget, and its refusals. */
  public void watch(MemoryBudget budget) {
    gauge(
        "memory_held", "Bytes held in memory on behalf of clients and other nodes.", budget::used);
    counter(
        "memory_refusals",
        "How often there was no memory for a body or an answer.",
        budget::refused);
  }

  /** Adds the counts of a transport, if it has any. */
  public void watch(Transport transport) {
    if (transport instanceof Counted counted) {
      counted.showTo(this);
    }
  }

  /**
   * Adds counts of which there are many, as those of HTTP/2 are: they become metrics when somebody
   * first looks at the registry, because most nodes of a test or a simulation are never looked at.
   */
  public void watch(Counted counts) {
    metrics.addSource(new Later(counts));
  }

  /** Makes metrics of counts when they are first asked for. */
  private final class Later implements Supplier<List<Metric>> {
    private final Counted counts;
    private List<Metric> made; // Null before; guarded by this.

    Later(Counted counts) {
      this.counts = counts;
    }

    @Override
    public synchronized List<Metric> get() {
      if (made == null) {
        List<Metric> all = new ArrayList<>();
        counts.showTo(new ServerMetrics(metrics, all::add));
        made = List.copyOf(all);
      }
      return made;
    }
  }

  /** Adds the counts of a server's connections and requests. */
  public void watch(HttpServer server) {
    for (String kind : List.of("unknown", "plain", "node")) {
      gauge(
          "connections{kind=\"" + kind + "\"}",
          "Connections to the server, by what is at the other end.",
          () -> server.kinds().stream().filter(kind::equals).count());
    }
    gauge(
        "http_unanswered", "Requests that have no response yet.", () -> server.unanswered().size());
    watch(server.http2Counts());
  }
}
