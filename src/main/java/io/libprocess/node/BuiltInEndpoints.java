package io.libprocess.node;

import io.libprocess.config.Health;
import io.libprocess.config.ObserverAccess;
import io.libprocess.endpoints.Endpoint;
import io.libprocess.endpoints.HealthPage;
import io.libprocess.endpoints.Help;
import io.libprocess.endpoints.JvmStats;
import io.libprocess.endpoints.LoggingToggle;
import io.libprocess.endpoints.MemoryProfiler;
import io.libprocess.endpoints.MetricsSnapshot;
import io.libprocess.endpoints.ProcessesPage;
import io.libprocess.endpoints.Profiler;
import io.libprocess.endpoints.SystemStats;
import io.libprocess.http.server.HttpServer;
import io.libprocess.observer.Observer;
import io.libprocess.runtime.Runtime;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** The endpoints that every node has. */
public final class BuiltInEndpoints {

  private BuiltInEndpoints() {}

  /**
   * The settings of the endpoints.
   *
   * @param snapshotInterval the least time between two snapshots of the metrics; zero means no
   *     limit
   * @param memoryProfiling whether there is {@code /memory-profiler}
   * @param observer which clients may open {@code /observer}
   * @param health what {@code /health} says
   * @param closing whether the node is being closed
   */
  public record Options(
      Duration snapshotInterval,
      boolean memoryProfiling,
      ObserverAccess observer,
      Health health,
      BooleanSupplier closing) {}

  /**
   * Makes all endpoints, in the order in which they are spawned.
   *
   * @param help the help of the node's processes
   * @param options the endpoints' settings
   */
  public static List<Endpoint> of(
      Runtime runtime,
      Help help,
      NodeMetrics metrics,
      Options options,
      Inspection inspection,
      HttpServer http) {
    SystemStats system = new SystemStats();
    system.addTo(metrics.metrics());
    JvmStats.addTo(metrics.metrics());
    Clock clock = runtime.clock();
    Executor blocking = runtime.internalBlocking();
    List<Endpoint> all = new ArrayList<>();
    all.add(help.endpoint());
    all.add(
        new MetricsSnapshot(metrics.metrics(), options.snapshotInterval(), clock, blocking)
            .endpoint());
    all.add(ProcessesPage.endpoint(inspection::queues, blocking));
    all.add(new LoggingToggle(clock).endpoint());
    all.add(new Profiler(blocking).endpoint());
    all.add(system.endpoint());
    all.add(inspection.pages(http).endpoint(blocking));
    Health health = options.health();
    all.add(
        HealthPage.endpoint(
            health::checks, () -> health.isDraining() || options.closing().getAsBoolean()));
    if (options.memoryProfiling()) {
      all.add(new MemoryProfiler(clock, blocking).endpoint());
    }
    if (options.observer() != ObserverAccess.OFF) {
      boolean isForAll = options.observer() == ObserverAccess.ON;
      NodeView view = new NodeView(inspection, metrics, http);
      Observer observer = new Observer(view, isForAll, clock, blocking);
      http.beforeDraining(observer::close); // Open pages would hold up draining for ever.
      all.add(observer.endpoint());
    }
    return all;
  }
}
