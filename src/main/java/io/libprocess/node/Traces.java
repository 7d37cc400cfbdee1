package io.libprocess.node;

import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.actor.Event;
import io.libprocess.actor.EventViewer;
import io.libprocess.actor.ProcessCell;
import io.libprocess.actor.Sampler;
import io.libprocess.http.Request;
import io.libprocess.internal.ContextSlot;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Traces the events that a few chosen processes serve: their senders, their content, and how long
 * they waited and ran. A trace that is not read ends after a while.
 *
 * <p>All methods may be called from any thread. The list of traces is guarded by the monitor of
 * this object; a trace guards its records by its own monitor, which is taken second.
 */
final class Traces {

  /** How many processes may be traced at a time. */
  private static final int MOST_TRACES = 8;

  /** How many events are kept until they are read. */
  private static final int MOST_KEPT = 500;

  /** How many events per second are recorded; the others are only counted. */
  private static final int MOST_PER_SECOND = 250;

  private static final long SECOND = 1_000_000_000;

  /** A trace that is not read ends after this time, or twice this time. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** The description of an event. */
  private record About(String kind, String what, String from) {}

  /**
   * An event that was served.
   *
   * @param number counts from 1, including events that were not recorded
   * @param time the time when it had been served, in milliseconds since the epoch
   * @param kind the kind, such as {@code MESSAGE}
   * @param what its name, or another description
   * @param from the sender; empty if not known
   * @param waited the time that it waited, in nanoseconds
   * @param ran the time that it ran, in nanoseconds
   */
  record Served(
      long number, long time, String kind, String what, String from, long waited, long ran) {}

  /**
   * The records of a trace.
   *
   * @param events the recorded events
   * @param last the number of the last event that was served
   * @param missed how many were served but not recorded
   */
  record Noted(List<Served> events, long last, long missed) {}

  private final Sampler sampler;
  private final Clock clock;

  // Guarded by the monitor of this.
  private final List<Trace> traces = new ArrayList<>();
  private boolean isWaiting; // There is a timer, which looks for traces that nobody reads.

  Traces(Sampler sampler, Clock clock) {
    this.sampler = sampler;
    this.clock = clock;
  }

  /** Begins to trace a process; false if too many are traced. */
  synchronized boolean begin(ProcessCell cell) {
    if (of(cell) != null) {
      return true;
    }
    if (traces.size() == MOST_TRACES) {
      return false;
    }
    Trace trace = new Trace(cell);
    traces.add(trace);
    watch();
    sampler.trace(cell, trace);
    return true;
  }

  /** Ends the trace of a process, if there is one. */
  synchronized void end(ProcessCell cell) {
    if (traces.removeIf(trace -> trace.cell == cell)) {
      sampler.trace(cell, null);
    }
  }

  /** Starts the timer, if there is none and a trace. */
  private void watch() {
    if (!isWaiting && !traces.isEmpty()) {
      isWaiting = true;
      ContextSlot.outside(() -> clock.timer(PATIENCE, this::endUnwanted));
    }
  }

  private synchronized void endUnwanted() {
    isWaiting = false;
    for (Trace trace : List.copyOf(traces)) {
      if (!trace.isWanted()) {
        end(trace.cell);
      }
    }
    watch();
  }

  private Trace of(ProcessCell cell) {
    for (Trace trace : traces) {
      if (trace.cell == cell) {
        return trace;
      }
    }
    return null;
  }

  /**
   * The events that a process has served after the one with a number; empty if it is not traced.
   */
  synchronized Noted noted(ProcessCell cell, long after) {
    Trace trace = of(cell);
    return trace == null ? new Noted(List.of(), after, 0) : trace.noted(after);
  }

  /** The trace of one process. */
  private final class Trace implements Sampler.Listener {

    private final ProcessCell cell;

    // Guarded by the monitor of this.
    private final Deque<Served> kept = new ArrayDeque<>();
    private long served;
    private long second; // In seconds of the clock.
    private int noted; // Recorded in that second.
    private long asked = clock.nanoTime();

    Trace(ProcessCell cell) {
      this.cell = cell;
    }

    private synchronized boolean isWanted() {
      return clock.nanoTime() - asked < PATIENCE.toNanos();
    }

    private synchronized Noted noted(long after) {
      asked = clock.nanoTime();
      List<Served> events = kept.stream().filter(one -> one.number > after).toList();
      return new Noted(events, served, Math.max(0, served - after - events.size()));
    }

    @Override
    public void served(ProcessCell by, Event event, Object sender, long began, long waited) {
      long ran = clock.nanoTime() - began;
      long number = count(began);
      if (number > 0) {
        About about = by.glance(event, new Viewer(sender));
        String kind = about == null ? "RUNTIME" : about.kind;
        String what = about == null ? "" : about.what;
        String from = about == null ? Viewer.nameOf(by.pid(), sender) : about.from;
        long now = clock.now().toEpochMilli();
        keep(new Served(number, now, kind, what, from, waited, ran));
      }
    }

    private synchronized void keep(Served one) {
      kept.add(one);
      if (kept.size() > MOST_KEPT) {
        kept.remove();
      }
    }

    /** The number of an event; 0 if it is only counted. */
    private synchronized long count(long now) {
      served++;
      if (now / SECOND != second) {
        second = now / SECOND;
        noted = 0;
      }
      return noted++ < MOST_PER_SECOND ? served : 0;
    }
  }

  /**
   * Describes events.
   *
   * @param sender the sender, a UPID or a thread
   */
  private record Viewer(Object sender) implements EventViewer<About> {

    /** A process's name in the short form used on its own node. */
    private static String nameOf(UPID process, Object other) {
      if (other instanceof UPID upid) {
        return upid.address().equals(process.address()) ? upid.id() : upid.toString();
      }
      return other instanceof Thread thread ? "thread " + thread.getName() : "";
    }

    @Override
    public About message(UPID process, Message message) {
      return new About("MESSAGE", message.name(), nameOf(process, message.from()));
    }

    @Override
    public About dispatch(UPID process, Object function) {
      String name = function.getClass().getName();
      int lambda = name.indexOf("$$Lambda");
      String shown = lambda < 0 ? name : name.substring(0, lambda);
      String simple = shown.substring(shown.lastIndexOf('.') + 1);
      return new About("DISPATCH", simple, nameOf(process, sender));
    }

    @Override
    public About http(UPID process, Request request, String path) {
      String client = request.client().map(Object::toString).orElse("");
      return new About("HTTP", request.method() + " " + request.path(), client);
    }

    @Override
    public About exited(UPID process, UPID linkee, Exit exit) {
      return new About("EXITED", nameOf(process, linkee), "");
    }

    @Override
    public About terminate(UPID process) {
      return new About("TERMINATE", "", "");
    }
  }
}
