package io.libprocess.actor;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.time.Timer;
import java.time.Duration;

/**
 * A list of the pending timers of a process, so that they can be cancelled when it ends: a clock
 * may far outlive the process and its node, and would keep both in memory until the last timer is
 * due.
 *
 * <p>A timer is cancelled at the clock, which does not report it. So entries of cancelled timers
 * are looked for whenever there are twice as many entries as were left the last time.
 *
 * <p>Thread-safe; while the lock is held, only the clock is called.
 */
public final class Delays {

  private static final int FEW = 16;

  private Delay first; // Guarded by the monitor of this, like all below.
  private int count;
  private int many = FEW;
  private boolean closed;

  /** One timer with its action; also its own list element. */
  private static final class Delay implements Runnable {
    private final Delays list;
    private final ProcessCell cell;
    private CheckedConsumer<?> action; // Null once it has been taken.
    private Timer timer;
    private Delay previous;
    private Delay next;

    Delay(Delays list, ProcessCell cell, CheckedConsumer<?> action) {
      this.list = list;
      this.cell = cell;
      this.action = action;
    }

    @Override
    public void run() {
      CheckedConsumer<?> taken = list.take(this);
      if (taken != null) {
        cell.enqueue(new Dispatch(taken));
      }
    }
  }

  /** Starts a timer that runs an action in a process, unless the process has ended by then. */
  public Timer start(ProcessCell cell, Duration duration, CheckedConsumer<?> action) {
    Delay delay = new Delay(this, cell, action);
    synchronized (this) { // Otherwise the timer might fire before it is in the list.
      Timer timer = cell.processes().clock().timer(duration, delay);
      if (closed) {
        delay.action = null; // It may be about to fire.
        timer.cancel();
        return timer;
      }
      delay.timer = timer;
      add(delay);
      return timer;
    }
  }

  private void add(Delay delay) {
    if (count >= many) {
      forgetCancelled();
      many = Math.max(FEW, 2 * count);
    }
    delay.next = first;
    if (first != null) {
      first.previous = delay;
    }
    first = delay;
    count++;
  }

  private void forgetCancelled() {
    for (Delay delay = first; delay != null; ) {
      Delay next = delay.next;
      if (!delay.timer.isPending()) {
        remove(delay);
      }
      delay = next;
    }
  }

  private void remove(Delay delay) {
    if (delay.previous == null) {
      first = delay.next;
    } else {
      delay.previous.next = delay.next;
    }
    if (delay.next != null) {
      delay.next.previous = delay.previous;
    }
    delay.previous = null;
    delay.next = null;
    count--;
  }

  private synchronized CheckedConsumer<?> take(Delay delay) {
    CheckedConsumer<?> action = delay.action;
    if (action != null) {
      delay.action = null;
      // A timer that was about to fire when the entries were looked through is not in the list.
      if (delay == first || delay.previous != null) {
        remove(delay);
      }
    }
    return action;
  }

  /** The number of entries. */
  public synchronized int count() {
    return count;
  }

  /** Cancels all timers, and any that are started later. */
  public synchronized void close() {
    closed = true;
    for (Delay delay = first; delay != null; delay = delay.next) {
      delay.action = null;
      delay.timer.cancel();
    }
    first = null;
    count = 0;
  }
}
