package io.libprocess.actor;

import io.libprocess.internal.Log;
import io.libprocess.internal.flight.Flight;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cell of a process with a limited mailbox. Its process is always marked, so that the cell is
 * notified of every event that is taken out; a cell without a limit has no such cost.
 *
 * <p>{@link #waiting} is raised before an event is queued and lowered when it is taken out, so it
 * is never less than the number of events queued, never more than the limit, and an event is
 * refused only if at some instant of the attempt the limit was reached. Events of the runtime
 * itself are always admitted and not counted.
 */
public final class BoundedCell extends ProcessCell {

  /** The id of a process whose mailbox will be limited, or the number in place of one. */
  public record Identity(Object idOrNumber, int limit) {

    /** The id or number alone. */
    public static Object unlimited(Object identity) {
      return identity instanceof Identity bounded ? bounded.idOrNumber : identity;
    }
  }

  private static final long serialVersionUID = 1L;

  private final int limit;
  private final transient AtomicInteger waiting = new AtomicInteger();
  private final transient AtomicLong drops = new AtomicLong();
  // Since the mailbox was last empty.
  private final transient AtomicBoolean overflowing = new AtomicBoolean();

  BoundedCell(Processes processes, Object idOrNumber, Object process, int limit) {
    super(processes, idOrNumber, process);
    this.limit = limit;
  }

  /** The number of one-way events that found the mailbox full. */
  public long drops() {
    return drops.get();
  }

  @Override
  public int limit() {
    return limit;
  }

  /** The number of events that wait, or are about to. */
  public int waiting() {
    return waiting.get();
  }

  @Override
  boolean admits(Event event) {
    if (event.isControl() || isGone() || enter()) {
      return true;
    }
    if (!event.refuse(this, limit)) {
      drops.incrementAndGet();
      processes().drops().increment();
      event.drop();
      if (!overflowing.get() && overflowing.compareAndSet(false, true)) {
        if (Flight.isOn()) {
          Flight.sink().mailboxHigh(pid(), limit);
        }
        Log.warning(
            () ->
                "The mailbox of "
                    + pid()
                    + " is full at "
                    + limit
                    + ": one-way events are dropped until it has been empty");
      }
    }
    return false;
  }

  private boolean enter() {
    for (int now = waiting.get(); now < limit; ) {
      int witness = waiting.compareAndExchange(now, now + 1);
      if (witness == now) {
        return true;
      }
      now = witness;
    }
    return false;
  }

  @Override
  void taken(Event event) {
    if (!event.isControl() && waiting.decrementAndGet() == 0 && overflowing.get()) {
      overflowing.set(false);
    }
  }
}
