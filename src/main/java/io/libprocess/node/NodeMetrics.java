package io.libprocess.node;

import io.libprocess.actor.Processes;
import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.Counted;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Histogram;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.Metrics;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import io.libprocess.web.RouteMetrics;
import io.libprocess.web.ServerMetrics;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The metrics a node keeps about itself. All methods may be called from any thread. */
public final class NodeMetrics {

  private final Metrics metrics;
  private final Counter stalls = new Counter("libprocess/stalls");
  private final Counter drops = new Counter("libprocess/dropped_events");
  private final Counter toNobody = new Counter("libprocess/messages_to_nobody");
  private final Counter ignored = new Counter("libprocess/ignored_failures");
  private final Histogram waited = Histogram.ofDurations("libprocess/event_wait");
  private final Histogram ran = Histogram.ofDurations("libprocess/event_run");
  private final Histogram lag = Histogram.ofDurations("libprocess/io_lag");

  private final RouteMetrics routes;
  private final ServerMetrics server;

  private NodeMetrics(Clock clock) {
    metrics = new Metrics(clock);
    routes = new RouteMetrics(clock);
    server = new ServerMetrics(metrics);
    server.watch(routes);
    gauge("timers", "Timers that wait.", clock::timers);
    add(stalls, "Events that took longer than the stall threshold.");
    add(drops, "One-way events that found a mailbox full.");
    add(toNobody, "Messages for processes that do not exist on this node.");
    add(ignored, "Failed calls, blocking calls and questions at whose futures nobody looked.");
    add(waited, "How long events wait in mailboxes, of a sample of up to a hundred a second.");
    add(ran, "How long events take, of the same sample.");
    add(lag, "How long I/O was not polled because handlers ran.");
  }

  /** Makes the metrics of a node with a clock. */
  public static NodeMetrics of(Clock clock) {
    return new NodeMetrics(clock);
  }

  /** All metrics of the node, including those of its processes. */
  public Metrics metrics() {
    return metrics;
  }

  /**
   * Makes the watch over the threads of the node.
   *
   * @param stallThreshold how long an event may take
   */
  public NodeWatch watch(Duration stallThreshold) {
    return new NodeWatch(stallThreshold, stalls, lag);
  }

  /** The metrics of requests for routes. */
  public RouteMetrics routes() {
    return routes;
  }

  /** The counts for processes. */
  public Processes.Counts processes() {
    return new Processes.Counts(drops, toNobody, ignored, waited, ran);
  }

  private void add(Metric metric, String help) {
    server.add(metric, help);
  }

  private void counter(String name, String help, LongSupplier count) {
    server.counter(name, help, count);
  }

  private void gauge(String name, String help, LongSupplier value) {
    server.gauge(name, help, value);
  }

  /** Adds metrics of the use of a memory budget, and of its refusals. */
  public MemoryBudget watch(MemoryBudget budget) {
    server.watch(budget);
    return budget;
  }

  /** Adds the counts of a transport, if it has any. */
  public NodeMetrics watch(Transport transport) {
    server.watch(transport);
    return this;
  }

  /** Adds counts of which there are many. */
  public void watch(Counted counts) {
    server.watch(counts);
  }

  /** Adds metrics of a server's connections, and of the number of child processes. */
  public void watch(HttpServer http, Children children) {
    server.watch(http);
    gauge("subprocesses", "Children of the operating system that run.", children::size);
  }

  /** Adds metrics of a scheduler, and of the processes on it. */
  public NodeMetrics watch(Scheduler scheduler, Processes processes) {
    counter("events", "Events that were served.", scheduler::progress);
    counter(
        "hand_offs",
        "Processes that a worker ran next because it had made them ready.",
        () -> scheduler.counts().handOffs());
    counter(
        "take_overs",
        "How often another worker took over I/O from one that did not return.",
        () -> scheduler.counts().takeOvers());
    counter(
        "workers_stuck",
        "How often a worker did not return from an event for some milliseconds.",
        () -> scheduler.counts().stuck());
    gauge("workers_busy", "Workers that are running a task.", () -> scheduler.counts().busy());
    gauge("workers", "Workers for processes.", scheduler::workers);
    gauge(
        "blocking_calls",
        "Blocking calls that run or wait for their thread.",
        () -> scheduler.counts().blocking());
    counter(
        "blocking_calls_begun",
        "Blocking calls begun since the start.",
        () -> scheduler.counts().blockingBegun());
    ProcessMetrics source = new ProcessMetrics(processes, scheduler);
    ProcessMetrics.describe(metrics);
    metrics.addSource(source);
    return this;
  }
}
