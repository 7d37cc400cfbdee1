package io.libprocess.node;

import io.libprocess.UPID;
import io.libprocess.actor.ProcessCell;
import io.libprocess.actor.Processes;
import io.libprocess.actor.Sampler;
import io.libprocess.endpoints.WaitingEvent;
import io.libprocess.internal.Log;
import io.libprocess.internal.flight.Flight;
import io.libprocess.internal.scheduler.SchedulerListener;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Histogram;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The listener of the watchdog for a node's threads: it reports a process that has been serving an
 * event for too long, with the event and the stack; counts how often each process was seen running;
 * and has an event measured now and then. Written only by the watchdog's thread, apart from {@link
 * #begin}; read by any thread.
 */
public final class NodeWatch implements SchedulerListener {

  /** One event is measured per this many looks: about a hundred a second. */
  private static final int LOOKS_PER_SAMPLE = 5;

  /** After this many looks, about a second, ended processes are removed. */
  private static final int LOOKS_PER_CLEANING = 500;

  /** A shorter mailbox is not worth recording. */
  private static final int LEAST_HIGH_WATER = 1000;

  private final Duration threshold;
  private final Counter stalls;
  private final Histogram lag;
  private final Map<ProcessCell, Activity> activities = new ConcurrentHashMap<>();
  private int looks;

  private volatile Processes processes; // Null until the node begins.
  private volatile Sampler sampler; // Likewise.
  private volatile Inspection inspection; // Likewise.

  /** The observations of one process; written by the watchdog's thread. */
  static final class Activity {
    private volatile long seenRunning; // How often.
    private volatile long stalls;
    private int highWater; // The longest recorded mailbox; only for the watchdog's thread.
    private volatile WaitingEvent stalledOn; // The last event that took too long, or null.
    private volatile long stalledAt; // In milliseconds since the epoch; 0 means never.

    long seenRunning() {
      return seenRunning;
    }

    long stalls() {
      return stalls;
    }

    WaitingEvent stalledOn() {
      return stalledOn;
    }
  }

  /**
   * Makes a watch over a node that is not complete yet.
   *
   * @param threshold the longest time that an event may take
   * @param stalls counts the events that took longer
   * @param lag records for how long no thread has polled for I/O
   */
  public NodeWatch(Duration threshold, Counter stalls, Histogram lag) {
    this.threshold = threshold;
    this.stalls = stalls;
    this.lag = lag;
  }

  /** Begins to watch the processes, and returns the inspection that reads them. */
  public Inspection begin(Processes theirs) {
    Inspection reads = new Inspection(theirs, this);
    inspection = reads;
    sampler = theirs.sampler();
    processes = theirs;
    return reads;
  }

  /** The observations of a process; null if it was never seen running. */
  Activity activity(ProcessCell cell) {
    return activities.get(cell);
  }

  /** The times when live processes last stalled, in milliseconds since the epoch, by id. */
  Map<String, Long> stalls() {
    Map<String, Long> stalled = new HashMap<>();
    activities.forEach(
        (cell, activity) -> {
          if (activity.stalledAt != 0 && cell.isLive()) { // Another one may have its id.
            stalled.put(cell.id(), activity.stalledAt);
          }
        });
    return stalled;
  }

  @Override
  public void seen(Task task) {
    if (task instanceof ProcessCell cell) {
      of(cell).seenRunning++;
    }
  }

  private Activity of(ProcessCell cell) {
    Activity known = activities.get(cell);
    return known == null ? activities.computeIfAbsent(cell, key -> new Activity()) : known;
  }

  @Override
  public void ticked() {
    Processes watched = processes;
    if (watched != null) {
      watched.reportIgnored();
    }
  }

  @Override
  public void looked() {
    looks++;
    Sampler wants = sampler;
    if (wants != null && looks % LOOKS_PER_SAMPLE == 0) {
      wants.want();
    }
    if (looks % LOOKS_PER_CLEANING == 0) {
      activities.keySet().removeIf(cell -> !cell.isLive());
      Inspection looking = inspection;
      if (looking != null && Flight.isOn()) {
        looking.depths(this::reportDepth);
      }
    }
  }

  /** Records that the mailbox of a process is twice as long as ever before. */
  private void reportDepth(ProcessCell cell, int depth) {
    Activity activity = of(cell);
    if (depth >= LEAST_HIGH_WATER && depth >= 2 * activity.highWater) {
      activity.highWater = depth;
      Flight.sink().mailboxHigh(cell.pid(), depth);
    }
  }

  @Override
  public void lagged(long nanos) {
    lag.record(nanos);
  }

  /* ---------------- Stalls ---------------- */

  @Override
  public void stalled(Thread thread, Object context) {
    try {
      if (Flight.isOn()) {
        Flight.sink().stalled(context, eventOf(thread), thread);
      }
      Log.warning(describe(thread, context));
    } finally {
      stalls.increment(); // Last: a reader that sees the count also finds the report.
    }
  }

  private String describe(Thread thread, Object context) {
    StackTraceElement[] stack = thread.getStackTrace(); // First: the event may end at any time.
    StringBuilder text = new StringBuilder();
    if (context instanceof UPID pid) {
      text.append("Process ").append(pid).append(" has been serving one event");
      describeEvent(thread, pid, text);
    } else {
      text.append("Thread ").append(thread.getName()).append(" has been running one callback");
    }
    text.append(" for more than ").append(threshold).append(':');
    for (StackTraceElement frame : stack) {
      text.append(System.lineSeparator()).append("    at ").append(frame);
    }
    return text.toString();
  }

  /** Whether a thread runs a process; it may have stopped while it was looked at. */
  private static boolean isOn(Thread thread, Inspection.Row row) {
    return row.running() != null && row.running().thread() == thread;
  }

  /** The event that a thread serves; null if not known. */
  private String eventOf(Thread thread) {
    Inspection looking = inspection;
    return looking == null
        ? null
        : looking.running().stream()
            .filter(row -> isOn(thread, row) && row.seen().current() != null)
            .map(row -> row.seen().current().described())
            .findAny()
            .orElse(null);
  }

  private void describeEvent(Thread thread, UPID pid, StringBuilder text) {
    Inspection looking = inspection;
    if (looking == null) {
      return;
    }
    for (Inspection.Row row : looking.running()) {
      if (isOn(thread, row) && row.cell() != null && row.cell().pid() == pid) {
        Activity activity = of(row.cell());
        activity.stalls++;
        activity.stalledOn = row.seen().current();
        activity.stalledAt = looking.now();
        text.append(" of class ").append(row.cell().type().getName());
        if (row.seen().current() != null) {
          text.append(", ").append(row.seen().current().described());
        }
        text.append(", with ").append(row.seen().count()).append(" waiting,");
      }
    }
  }
}
