package io.libprocess.actor;

import io.libprocess.UPID;
import io.libprocess.internal.SendFlags;
import io.libprocess.metrics.Histogram;
import io.libprocess.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Measures how long events wait and run, of one event now and then: whoever sends the next one
 * after {@link #want} wraps it up with the time. So all other events cost nothing but a look at a
 * flag that their senders look at anyway.
 *
 * <p>All methods may be called from any thread. The flag of {@link SendFlags} is raised exactly
 * while {@link #wanted} is, by whoever changes that.
 */
public final class Sampler {

  private final Clock clock;
  private final Histogram waited;
  private final Histogram ran;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private volatile boolean closed;

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

  /** An event that is about to be queued, wrapped up if it is to be measured. */
  Event sampled(Event event) {
    if (event.isControl() || !takeBack() || clock.isPaused()) {
      return event;
    }
    try {
      return new Sampled(event, clock.nanoTime());
    } catch (OutOfMemoryError e) {
      return event;
    }
  }

  /** An event with the time at which it was sent. */
  private final class Sampled extends Event {

    private final Event event;
    private final long sent;

    Sampled(Event event, long sent) {
      this.event = event;
      this.sent = sent;
    }

    @Override
    void serve(Object process) throws Exception {
      long began = clock.nanoTime();
      waited.record(began - sent);
      try {
        event.serve(process);
      } finally {
        ran.record(clock.nanoTime() - began);
      }
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
