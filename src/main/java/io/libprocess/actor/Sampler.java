package io.libprocess.actor;

import io.libprocess.internal.SendFlags;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.metrics.Histogram;
import io.libprocess.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Measures, for one event now and then, how long it waits and runs: the sender of the next event
 * after {@link #want} wraps it with the time. So all other events cost only a look at a flag that
 * their senders read anyway. For a traced process all events are measured.
 *
 * <p>All methods may be called from any thread. The flag of {@link SendFlags} is raised exactly
 * while {@link #wanted} is, by the thread that changes the latter.
 */
public final class Sampler {

  /** Receives the events that a traced process has served. */
  public interface Listener {

    /**
     * Called in the process.
     *
     * @param sender the UPID of the process that has sent the event, or the thread
     * @param began the time when serving it began, in nanoseconds of the clock
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
   * Makes a sampler that does not want an event yet.
   *
   * @param waited records the times that events spent in mailboxes
   * @param ran records the times that they took
   */
  public Sampler(Clock clock, Histogram waited, Histogram ran) {
    this.clock = clock;
    this.waited = waited;
    this.ran = ran;
  }

  /** Makes the next event be measured. */
  public void want() {
    if (!closed && wanted.compareAndSet(false, true)) {
      SendFlags.sample(true);
      if (closed) {
        takeBack();
      }
    }
  }

  /** Stops measuring events, and ends all traces. */
  public synchronized void close() {
    closed = true;
    takeBack();
    if (!traced.isEmpty()) { // Otherwise the senders of other nodes would look for ever.
      traced = Map.of();
      SendFlags.sample(false);
    }
  }

  private boolean takeBack() {
    boolean taken = wanted.get() && wanted.compareAndSet(true, false);
    if (taken) {
      SendFlags.sample(false);
    }
    return taken;
  }

  /**
   * Measures all events sent to a process from now on, unless this is closed.
   *
   * @param listener replaces the previous listener; null ends the trace
   */
  public synchronized void trace(ProcessCell cell, Listener listener) {
    if (closed) {
      return;
    }
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

  /** Returns the event to be queued: the given one, wrapped if it is to be measured. */
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

  /** An event of a traced process. */
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
  private class Sampled extends Event.Envelope {

    private final long sent;

    Sampled(Event event, long sent) {
      super(event);
      this.sent = sent;
    }

    @Override
    void serve(Object process) throws Exception {
      long began = clock.nanoTime();
      try {
        super.serve(process);
      } finally {
        measured(content(), began, began - sent);
      }
    }

    /** Called when the event has been served. */
    void measured(Event served, long began, long inMailbox) {
      waited.record(inMailbox);
      ran.record(clock.nanoTime() - began);
    }

    @Override
    boolean isForSuccessor() {
      return content().isForSuccessor();
    }
  }
}
