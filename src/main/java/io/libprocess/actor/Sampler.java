package io.libprocess.actor;

import io.libprocess.UPID;
import io.libprocess.internal.SendFlags;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.metrics.Histogram;
import io.libprocess.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Measures how long events wait and run, of one event now and then: whoever sends the next one
 * after {@link #want} wraps it up with the time. So all other events cost nothing but a look at a
 * flag that their senders look at anyway. Of a process that is traced all events are measured.
 *
 * <p>All methods may be called from any thread. The flag of {@link SendFlags} is raised exactly
 * while {@link #wanted} is, by whoever changes that.
 */
public final class Sampler {

  /** Told of what a process that is traced has served. */
  public interface Listener {

    /**
     * Called in the process.
     *
     * @param sender the UPID of the process that has sent the event, or the thread
     * @param began when it was begun to be served, in nanoseconds of the clock
     * @param waited how long it was in the mailbox before, in nanoseconds
     */
    void served(ProcessCell cell, Event event, Object sender, long began, long waited);
  }

  private final Clock clock;
  private final Histogram waited;
  private final Histogram ran;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private volatile boolean closed;
  private volatile Map<ProcessCell, Listener> traced = Map.of(); // Replaced under the monitor.

  /**
   * Makes a sampler that wants nothing yet.
   *
   * @param waited gets the times that events spent in mailboxes
   * @param ran gets the times that they took
   */
  public Sampler(Clock clock, Histogram waited, Histogram ran) {
    this.clock = clock;
    this.waited = waited;
    this.ran = ran;
  }

  /** Has the next event measured. */
  public void want() {
    if (!closed && wanted.compareAndSet(false, true)) {
      SendFlags.sample(true);
      if (closed) {
        takeBack();
      }
    }
  }

  /** Wants no more events. */
  public void close() {
    closed = true;
    takeBack();
  }

  private boolean takeBack() {
    boolean taken = wanted.get() && wanted.compareAndSet(true, false);
    if (taken) {
      SendFlags.sample(false);
    }
    return taken;
  }

  /**
   * Has all events of a process measured that are sent from now on.
   *
   * @param listener in place of the one there is; null to end that
   */
  public synchronized void trace(ProcessCell cell, Listener listener) {
    Map<ProcessCell, Listener> changed = new LinkedHashMap<>(traced);
    if (listener == null) {
      changed.remove(cell);
    } else {
      changed.put(cell, listener);
    }
    if (changed.isEmpty() != traced.isEmpty()) {
      SendFlags.sample(traced.isEmpty());
    }
    traced = changed;
  }

  /** An event that is about to be queued, wrapped up if it is to be measured. */
  Event sampled(ProcessCell cell, Event event) {
    if (event.isControl()) {
      return event;
    }
    Listener listener = traced.get(cell);
    boolean isSample = takeBack() && !clock.isPaused();
    if (listener == null && !isSample) {
      return event;
    }
    try {
      return listener == null
          ? new Sampled(event, clock.nanoTime())
          : new Traced(cell, event, clock.nanoTime(), listener, sender());
    } catch (OutOfMemoryError e) {
      return event;
    }
  }

  private static Object sender() {
    RunLoop loop = RunLoop.current();
    Object context = loop == null ? null : loop.context();
    return context == null ? Thread.currentThread() : context;
  }

  /** An event of a process that is traced. */
  private final class Traced extends Sampled {

    private final ProcessCell cell;
    private final Listener listener;
    private final Object sender;

    Traced(ProcessCell cell, Event event, long sent, Listener listener, Object sender) {
      super(event, sent);
      this.cell = cell;
      this.listener = listener;
      this.sender = sender;
    }

    @Override
    void measured(Event served, long began, long inMailbox) {
      listener.served(cell, served, sender, began, inMailbox);
    }
  }

  /** An event with the time at which it was sent. */
  private class Sampled extends Event {

    private final Event event;
    private final long sent;

    Sampled(Event event, long sent) {
      this.event = event;
      this.sent = sent;
    }

    @Override
    void serve(Object process) throws Exception {
      long began = clock.nanoTime();
      try {
        event.serve(process);
      } finally {
        measured(event, began, began - sent);
      }
    }

    /** Called when the event has been served. */
    void measured(Event served, long began, long inMailbox) {
      waited.record(inMailbox);
      ran.record(clock.nanoTime() - began);
    }

    @Override
    void drop() {
      event.drop();
    }

    @Override
    boolean isForSuccessor() {
      return event.isForSuccessor();
    }

    @Override
    boolean refuse(UPID process, int limit) {
      return event.refuse(process, limit);
    }

    @Override
    <V> V view(ProcessCell cell, EventViewer<V> viewer) {
      return event.view(cell, viewer);
    }

    @Override
    <V> V peek(ProcessCell cell, EventViewer<V> viewer) {
      return event.peek(cell, viewer);
    }
  }
}
