package io.libprocess.node;

import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.actor.EventViewer;
import io.libprocess.actor.Look;
import io.libprocess.actor.ProcessCell;
import io.libprocess.actor.Processes;
import io.libprocess.endpoints.WaitingEvent;
import io.libprocess.http.Request;
import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.scheduler.Running;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.net.Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjIntConsumer;

/**
 * Reads the state of a node's processes and the events that wait for them, without asking the
 * processes: so the answer comes at once, even for a process that does not return from an event.
 * All methods may be called from any thread.
 */
public final class Inspection {

  /** How many waiting events of one process are shown. */
  private static final int MOST_EVENTS = 1000;

  /** How many of them are counted. */
  private static final int MOST_COUNTED = 100_000;

  /** How many bytes of a message's body are shown. */
  private static final int MOST_BODY = 1024;

  /** How often a process is looked at again because it went on meanwhile. */
  private static final int TRIES = 3;

  private final Processes processes;
  private final Scheduler scheduler;
  private final NodeWatch watch;

  /**
   * Makes the inspection of a node's processes.
   *
   * @param watch the watchdog's observations of them
   */
  Inspection(Processes processes, NodeWatch watch) {
    this.processes = processes;
    this.scheduler = processes.scheduler();
    this.watch = watch;
  }

  /**
   * A snapshot of a process.
   *
   * @param running the thread that runs it; null if none does
   */
  record Row(ProcessCell cell, Running running, Look.Seen<WaitingEvent> seen) {}

  /** The events waiting for each live process of a table, for which there is no watchdog. */
  public static List<WaitingEvent.Queue> queues(Processes processes) {
    return new Inspection(processes, null).queues();
  }

  /** The events waiting for each live process. */
  public List<WaitingEvent.Queue> queues() {
    return rows(PageViewer.PLAIN, MOST_EVENTS).stream()
        .map(
            row ->
                new WaitingEvent.Queue(
                    row.cell().id(),
                    row.seen().waiting(),
                    Math.max(0, row.seen().count() - MOST_EVENTS)))
        .toList();
  }

  /** The live processes, each with its first few waiting events. */
  List<Row> rows(EventViewer<WaitingEvent> viewer, int mostEvents) {
    Map<Object, Running> running = new HashMap<>();
    scheduler.running().forEach(one -> running.put(one.task(), one));
    List<Row> rows = new ArrayList<>();
    for (ProcessCell cell : processes.all()) {
      if (cell.isLive()) {
        rows.add(look(cell, running.get(cell), viewer, mostEvents));
      }
    }
    return rows;
  }

  /**
   * The processes that threads are running, and the threads that run something else. Each row has a
   * thread: a process that has stopped running meanwhile is left out.
   */
  List<Row> running() {
    List<Row> rows = new ArrayList<>();
    for (Running one : scheduler.running()) {
      Row row =
          one.task() instanceof ProcessCell cell
              ? look(cell, one, PageViewer.DETAILED, 0)
              : new Row(null, one, new Look.Seen<>(null, List.of(), 0));
      if (row.running() != null) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** The live process with an id; empty if there is none. */
  Optional<Row> row(String id, int mostEvents) {
    ProcessCell cell = processes.findById(id);
    if (cell == null || !cell.isLive()) {
      return Optional.empty();
    }
    Running running =
        scheduler.running().stream().filter(one -> one.task() == cell).findAny().orElse(null);
    return Optional.of(look(cell, running, PageViewer.DETAILED, mostEvents));
  }

  /** The processes. */
  Processes processes() {
    return processes;
  }

  /** The watchdog's observations of the processes. */
  NodeWatch watch() {
    return watch;
  }

  /** The time of the processes' clock, in milliseconds since the epoch. */
  long now() {
    return processes.clock().now().toEpochMilli();
  }

  /** Makes the pages that show this, and requests. */
  DebugPages pages(HttpServer http) {
    return new DebugPages(this, watch, http);
  }

  /** Reports the length of each mailbox that is not empty. */
  void depths(ObjIntConsumer<ProcessCell> look) {
    Map<Object, Running> running = new HashMap<>();
    scheduler.running().forEach(one -> running.put(one.task(), one));
    for (ProcessCell cell : processes.all()) {
      if (cell.isLive() && !cell.isIdle()) {
        look.accept(cell, cell.depth(running.get(cell), MOST_COUNTED));
      }
    }
  }

  /** The address of the node. */
  Address address() {
    return processes.address();
  }

  private Row look(
      ProcessCell cell, Running seen, EventViewer<WaitingEvent> viewer, int mostEvents) {
    Running running = seen;
    Row row = null;
    for (int tries = 0; tries < TRIES; tries++) {
      row = new Row(cell, running, cell.look(running, viewer, mostEvents, MOST_COUNTED));
      if (running == null || running.isCurrent()) {
        return row;
      }
      running =
          scheduler.running().stream().filter(one -> one.task() == cell).findAny().orElse(null);
    }
    return row;
  }

  /** Converts events for pages, with or without those that libprocess does not show. */
  enum PageViewer implements EventViewer<WaitingEvent> {
    PLAIN,
    DETAILED;

    @Override
    public WaitingEvent message(UPID process, Message message) {
      byte[] body = message.body();
      int shown = Math.min(MOST_BODY, body.length);
      Map<String, String> members = new HashMap<>();
      members.put("body", new String(body, 0, shown, StandardCharsets.UTF_8));
      members.put("from", message.from().toString());
      members.put("name", message.name());
      members.put("to", message.to().toString());
      if (shown < body.length) {
        members.put("bytes", Integer.toString(body.length));
      }
      return WaitingEvent.of("MESSAGE", members);
    }

    @Override
    public WaitingEvent http(UPID process, Request request, String path) {
      return WaitingEvent.of("HTTP", Map.of("method", request.method(), "url", request.target()));
    }

    @Override
    public WaitingEvent dispatch(UPID process, Object function) {
      if (this == PLAIN) {
        return WaitingEvent.of("DISPATCH", Map.of());
      }
      String name = function.getClass().getName();
      int lambda = name.indexOf("$$Lambda");
      return WaitingEvent.of(
          "DISPATCH",
          Map.of("function", lambda < 0 ? name : name.substring(0, lambda) + " (a lambda)"));
    }

    @Override
    public WaitingEvent exited(UPID process, UPID linkee, Exit exit) {
      return WaitingEvent.of(
          "EXITED", this == PLAIN ? Map.of() : Map.of("linkee", linkee.toString()));
    }

    @Override
    public WaitingEvent terminate(UPID process) {
      return WaitingEvent.of("TERMINATE", Map.of());
    }
  }
}
