package io.libprocess.time;

import io.libprocess.internal.Log;
import io.libprocess.internal.scheduler.HandsOver;
import io.libprocess.internal.scheduler.ThreadContext;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that runs the timers of a clock, until it is closed or another thread takes its place.
 * It lives on whatever a timer, the memory or the log do. Before it blocks in a timer it starts
 * another one, which goes on with the timers, and ends when that timer has run.
 */
final class TimerThread extends Thread implements HandsOver {

  private static final long REST_NANOS = 10_000_000; // After a failure, so as not to spin.

  private final Owner owner;
  private final DueTimers due = new DueTimers();
  private boolean replaced; // Read and written by this thread.

  private TimerThread(Owner owner) {
    super(null, null, "libprocess-clock", 0, false);
    this.owner = owner;
    setDaemon(true);
    setContextClassLoader(Clock.class.getClassLoader());
  }

  @Override
  public void run() {
    Clock clock = owner.clock;
    ThreadContext.bindClock(clock);
    while (!replaced && !(clock.state.isClosed() && due.isEmpty())) {
      try {
        round(clock);
      } catch (Throwable thrown) {
        LockSupport.parkNanos(this, REST_NANOS);
        report(thrown);
      }
    }
    clock.state.haveRun(due);
  }

  private static void report(Throwable thrown) {
    try {
      Log.error("The clock's thread failed and goes on", thrown);
    } catch (Throwable lost) {
      // Without memory not even a call of the log succeeds: its text is made at the first.
    }
  }

  private void round(Clock clock) {
    Timer timer = due.poll();
    if (timer != null) {
      timer.fire(clock.state.isClosed());
      return;
    }
    long wait = clock.state.takeDue(due);
    if (wait > 0) {
      LockSupport.parkNanos(clock, wait);
      Thread.interrupted(); // An interrupted thread would not wait any more.
    }
  }

  @Override
  public void handOver() {
    if (!replaced && owner.replace(this)) {
      replaced = true;
    }
  }

  /**
   * Starts the thread of a clock and wakes it. `current` is written under the monitor before the
   * thread that it names is started, and read without.
   */
  static final class Owner implements TimerRunner {

    private final Clock clock;
    private volatile TimerThread current; // Null until a timer needs it.

    Owner(Clock clock) {
      this.clock = clock;
    }

    @Override
    public void wake() {
      TimerThread thread = current;
      if (thread == null) {
        thread = start();
      }
      LockSupport.unpark(thread);
    }

    private synchronized TimerThread start() {
      if (current == null && !clock.state.isClosed()) {
        try {
          TimerThread thread = new TimerThread(this);
          current = thread;
          thread.start();
        } catch (Throwable thrown) { // Threads or memory are short.
          current = null;
          clock.state.runnerFailed();
          Log.error("The clock's thread cannot start; the next timer tries again", thrown);
        }
      }
      return current;
    }

    /** Lets another thread go on with the timers; false if it cannot be started. */
    synchronized boolean replace(TimerThread thread) {
      TimerThread next = null;
      try {
        next = new TimerThread(this);
        clock.state.split(thread.due, next.due);
        current = next;
        next.start();
        return true;
      } catch (Throwable thrown) {
        current = thread;
        if (next != null) {
          thread.due.fill(next.due.takeAll());
          clock.state.haveRun(next.due);
        }
        Log.error("A timer waits, and no other thread can run timers meanwhile", thrown);
        return false;
      }
    }

    @Override
    public void closed() {
      LockSupport.unpark(current);
    }
  }
}
