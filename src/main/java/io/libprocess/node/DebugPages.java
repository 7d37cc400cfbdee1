package io.libprocess.node;

import io.libprocess.actor.ProcessCell;
import io.libprocess.endpoints.Endpoint;
import io.libprocess.endpoints.JsonPages;
import io.libprocess.endpoints.JsonPages.Page;
import io.libprocess.endpoints.WaitingEvent;
import io.libprocess.http.Request;
import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.scheduler.Running;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The pages of {@code /debug}, for an operator when something is stuck. They read state without
 * asking any process, so the answer comes at once. Thread-safe.
 */
final class DebugPages {

  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;

  /** How many events of one process are shown on its page. */
  private static final int MOST_EVENTS = 1000;

  /** How many rows a list has by default; {@code limit} changes it. */
  private static final int USUAL_LIMIT = 100_000;

  private final Inspection inspection;
  private final NodeWatch watch;
  private final HttpServer http;

  DebugPages(Inspection inspection, NodeWatch watch, HttpServer http) {
    this.inspection = inspection;
    this.watch = watch;
    this.http = http;
  }

  Endpoint endpoint(Executor blocking) {
    return JsonPages.endpoint(
        "debug",
        List.of(
            new Page(
                "/running",
                "What each thread is running: the process, the event, its start and the stack.",
                request -> Optional.of(running())),
            new Page(
                "/processes",
                "All processes: class, state, events waiting and served; `limit=N`.",
                request -> Optional.of(processes(request))),
            new Page(
                "/processes/{id}",
                "One process: the event being served, its start and stack, and the waiting events.",
                this::process),
            new Page(
                "/requests",
                "Requests without an answer, the oldest first; `limit=N`.",
                request -> Optional.of(requests(request))),
            new Page(
                "/calls",
                "Calls without a result and who made them, if LIBPROCESS_CAUSALITY is on; `limit=N`.",
                request -> Optional.of(calls(request)))),
        blocking);
  }

  private static int limit(Request request) {
    try {
      return Math.max(0, request.query("limit").map(Integer::parseInt).orElse(USUAL_LIMIT));
    } catch (NumberFormatException e) {
      return USUAL_LIMIT;
    }
  }

  /* ---------------- Processes ---------------- */

  private List<Object> running() {
    List<Object> rows = new ArrayList<>();
    for (Inspection.Row row : inspection.running()) {
      Map<String, Object> members = new LinkedHashMap<>();
      if (row.cell() != null) {
        members.putAll(summary(row));
      }
      members.putAll(running(row.running()));
      rows.add(members);
    }
    return rows;
  }

  private List<Object> processes(Request request) {
    List<Object> rows = new ArrayList<>();
    int limit = limit(request);
    for (Inspection.Row row : inspection.rows(Inspection.PageViewer.DETAILED, 0)) {
      if (rows.size() == limit) {
        break;
      }
      rows.add(summary(row));
    }
    return rows;
  }

  private Optional<Object> process(Request request) {
    return inspection
        .row(request.segment("id"), MOST_EVENTS)
        .map(
            row -> {
              Map<String, Object> members = summary(row);
              if (row.running() != null) {
                members.putAll(running(row.running()));
              }
              members.put(
                  "events", row.seen().waiting().stream().map(WaitingEvent::members).toList());
              return members;
            });
  }

  /** The JSON members that every process has. */
  private Map<String, Object> summary(Inspection.Row row) {
    ProcessCell cell = row.cell();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", cell.id());
    members.put("class", cell.type().getName());
    members.put("state", row.running() != null ? "running" : cell.isIdle() ? "idle" : "ready");
    members.put("waiting", row.seen().count());
    members.put("served", Integer.toUnsignedLong(cell.servedEvents()));
    NodeWatch.Activity activity = watch.activity(cell);
    members.put("seen_running", activity == null ? 0 : activity.seenRunning());
    members.put("stalls", activity == null ? 0 : activity.stalls());
    WaitingEvent stalledOn = activity == null ? null : activity.stalledOn(); // It may change.
    if (stalledOn != null) {
      members.put("stalled_on", stalledOn.described());
    }
    if (row.seen().current() != null) {
      members.put("serving", row.seen().current().members());
    }
    return members;
  }

  private static Map<String, Object> running(Running running) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("thread", running.thread().getName());
    members.put("seconds", running.age().toNanos() / NANOS);
    List<String> stack =
        Arrays.stream(running.thread().getStackTrace()).map(StackTraceElement::toString).toList();
    members.put("stack", running.isCurrent() ? stack : List.of()); // That of what runs now.
    return members;
  }

  /* ---------------- Requests ---------------- */

  private List<Object> requests(Request request) {
    return http.unanswered().stream()
        .sorted((one, other) -> Long.compare(other.age(), one.age()))
        .limit(limit(request))
        .map(DebugPages::unanswered)
        .toList();
  }

  private List<Object> calls(Request request) {
    List<Object> rows = new ArrayList<>();
    for (Causality.Pending pending : Causality.pending()) {
      if (pending.to().address().equals(inspection.address()) && rows.size() < limit(request)) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("to", pending.to().id());
        members.put("since", pending.since().toString());
        members.put("by", pending.chain());
        rows.add(members);
      }
    }
    return rows;
  }

  /** Without the query, which may be secret. */
  private static Object unanswered(HttpServer.Unanswered unanswered) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("method", unanswered.request().method());
    members.put("path", unanswered.request().path());
    members.put("from", unanswered.remote());
    members.put("connection", unanswered.connection());
    members.put("seconds", unanswered.age() / MILLIS);
    return members;
  }
}
