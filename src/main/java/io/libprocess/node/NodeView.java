package io.libprocess.node;

import io.libprocess.actor.Look;
import io.libprocess.actor.ProcessCell;
import io.libprocess.actor.Processes;
import io.libprocess.endpoints.WaitingEvent;
import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.scheduler.Running;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.observer.ObservedNode;
import io.libprocess.observer.ObservedProcess;
import io.libprocess.remote.Remote;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.ProcessName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The observer's view of a node. All methods may be called from any thread. */
final class NodeView implements ObservedNode {

  private static final int MOST_EVENTS = 100;
  private static final int MOST_FRAMES = 40;

  private static final int MOST_ROWS = 500;

  private final Inspection inspection;
  private final Processes processes;
  private final Scheduler scheduler;
  private final NodeMetrics metrics;
  private final HttpServer http;
  private final Remote remote;
  private final Traces traces;

  NodeView(Inspection inspection, NodeMetrics metrics, HttpServer http) {
    this.inspection = inspection;
    this.processes = inspection.processes();
    this.scheduler = processes.scheduler();
    this.metrics = metrics;
    this.http = http;
    this.remote = processes.remote();
    this.traces = new Traces(processes.sampler(), processes.clock());
  }

  @Override
  public Map<String, Object> identity() {
    Map<String, Object> identity = new LinkedHashMap<>();
    identity.put("address", processes.address().toString());
    identity.put("pid", ProcessHandle.current().pid());
    identity.put("java", Runtime.version().toString());
    identity.put("processors", Runtime.getRuntime().availableProcessors());
    identity.put("workers", scheduler.workers());
    return identity;
  }

  @Override
  public Collection<? extends ObservedProcess> processes() {
    return processes.all().stream().filter(ProcessCell::isLive).toList();
  }

  @Override
  public Map<ObservedProcess, Running> running() {
    Map<ObservedProcess, Running> running = new LinkedHashMap<>();
    for (Running one : scheduler.running()) {
      if (one.task() instanceof ProcessCell cell) {
        running.put(cell, one);
      }
    }
    return running;
  }

  @Override
  public Map<String, Long> stalls() {
    return inspection.watch().stalls();
  }

  @Override
  public Optional<Map<String, Object>> process(String id) {
    return inspection.row(id, MOST_EVENTS).map(NodeView::about);
  }

  private static Map<String, Object> about(Inspection.Row row) {
    Running running = row.running();
    Look.Seen<WaitingEvent> seen = row.seen();
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("id", row.cell().id());
    about.put("type", row.cell().type().getName());
    about.put("waiting", seen.count());
    about.put("queue", seen.waiting().stream().map(WaitingEvent::members).toList());
    if (running != null && running.isCurrent()) {
      about.put("serving", serving(running, seen.current()));
    }
    return about;
  }

  private static Map<String, Object> serving(Running running, WaitingEvent event) {
    Map<String, Object> serving = new LinkedHashMap<>();
    serving.put("nanos", running.age().toNanos());
    serving.put("event", event == null ? null : event.members());
    StringBuilder stack = new StringBuilder();
    StackTraceElement[] frames = running.thread().getStackTrace();
    for (int i = 0; i < Math.min(MOST_FRAMES, frames.length); i++) {
      stack.append(frames[i]).append('\n');
    }
    serving.put("stack", running.isCurrent() ? stack.toString() : "");
    return serving;
  }

  @Override
  public Tracing trace(String id, boolean on) {
    ProcessCell cell = processes.findById(id);
    if (cell == null) {
      return Tracing.NO_PROCESS;
    }
    if (on) {
      return traces.begin(cell) ? Tracing.DONE : Tracing.TOO_MANY;
    }
    traces.end(cell);
    return Tracing.DONE;
  }

  @Override
  public Map<String, Object> traced(String id, long after) {
    ProcessCell cell = processes.findById(id);
    Traces.Noted noted =
        cell == null ? new Traces.Noted(List.of(), after, 0) : traces.noted(cell, after);
    return Map.of(
        "events", noted.events().stream().map(NodeView::served).toList(),
        "last", noted.last(),
        "missed", noted.missed());
  }

  private static Map<String, Object> served(Traces.Served one) {
    return Map.of(
        "t", one.time(),
        "kind", one.kind().toLowerCase(Locale.ROOT),
        "what", one.what(),
        "from", one.from(),
        "waited", one.waited(),
        "ran", one.ran());
  }

  @Override
  public Map<String, Object> links() {
    Links.Seen links = remote.links(MOST_ROWS);
    Address own = processes.address();
    return Map.of(
        "address", own.toString(),
        "peers", remote.look().stream().map(NodeView::peer).toList(),
        "links", links.some().stream().map(link -> link(link.getKey(), link.getValue())).toList(),
        "total", links.byNode().values().stream().mapToInt(count -> count).sum());
  }

  private static Map<String, Object> peer(Remote.SeenNode node) {
    return Map.of(
        "address", node.address().toString(),
        "state", node.state(),
        "out", node.linksTo(),
        "in", node.linksFrom(),
        "queued", node.queued());
  }

  private static Map<String, Object> link(ProcessName from, ProcessName to) {
    boolean isHere = from.address().equals(to.address());
    return Map.of(
        "from", from.id(),
        "to", isHere ? to.id() : to.toString(),
        "kind", isHere ? "this node" : "another node");
  }

  @Override
  public Map<String, Object> connections() {
    List<HttpServer.Seen> connections = http.connections();
    List<HttpServer.Unanswered> requests = http.unanswered();
    return Map.of(
        "connections", connections.stream().limit(MOST_ROWS).map(NodeView::connection).toList(),
        "totalConnections", connections.size(),
        "requests",
            requests.stream()
                .sorted((one, other) -> Long.compare(other.age(), one.age()))
                .limit(MOST_ROWS)
                .map(NodeView::request)
                .toList(),
        "totalRequests", requests.size());
  }

  private static Map<String, Object> connection(HttpServer.Seen connection) {
    return Map.of(
        "client", connection.remote(),
        "kind", connection.kind(),
        "open", connection.unanswered(),
        "silent", connection.silent());
  }

  /** Without the query, which may be secret. */
  private static Map<String, Object> request(HttpServer.Unanswered unanswered) {
    return Map.of(
        "method", unanswered.request().method(),
        "path", unanswered.request().path(),
        "client", unanswered.remote(),
        "kind", unanswered.connection(),
        "age", unanswered.age());
  }

  @Override
  public Collection<Metric> requestMetrics() {
    return metrics.routes().get();
  }

  @Override
  public Metrics metrics() {
    return metrics.metrics();
  }
}
