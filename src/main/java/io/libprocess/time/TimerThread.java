package io.libprocess.time;

import io.libprocess.internal.Log;
import io.libprocess.internal.scheduler.HandsOver;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.internal.scheduler.WatchList;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that runs the timers of a clock, until it is closed or another thread takes its place.
 * It survives failures of timers, memory and the log; if it ends nevertheless, another one is
 * started. Before it blocks in a timer it starts another thread, which goes on with the timers, and
 * it ends when that timer has run. If a timer holds it up in another way, a {@link WatchList
 * watchdog} logs that and has another thread started; without a node there is no watchdog.
 */
final class TimerThread extends Thread implements HandsOver {

  private static final long REST_NANOS = 10_000_000; // The rest after a failure, so as not to spin.

  private final Owner owner;
  private final DueTimers due = new DueTimers();
  private volatile boolean replaced; // Written under the monitor of the owner.
  private volatile Timer running; // Written by this thread.

  private TimerThread(Owner owner) {
    super(null, null, "libprocess-clock", 0, false);
    this.owner = owner;
    setDaemon(true);
    setContextClassLoader(Clock.class.getClassLoader());
  }

  @Override
  public void run() {
    Clock clock = owner.clock;
    try {
      while (!replaced && !(clock.state.isClosed() && due.isEmpty())) {
        try {
          round(clock);
        } catch (Throwable thrown) {
          LockSupport.parkNanos(this, REST_NANOS);
          report(thrown);
        }
      }
    } finally {
      clock.state.haveRun(due);
      owner.ended(this);
    }
  }

  private static void report(Throwable thrown) {
    try {
      Log.error("The clock's thread failed and goes on", thrown);
    } catch (Throwable lost) {
      // Without memory not even a call of the log succeeds, because its text has to be made first.
    }
  }

  private void round(Clock clock) {
    ThreadContext.bindClock(clock); // Cheap, except the first time or after a failure.
    Timer timer = due.poll();
    if (timer != null) {
      running = timer;
      try {
        timer.fire(clock.state.isClosed());
      } finally {
        running = null;
      }
      return;
    }
    long wait = clock.state.takeDue(due);
    if (wait > 0) {
      LockSupport.parkNanos(clock, wait);
      Thread.interrupted(); // An interrupted thread would no longer wait.
    }
  }

  @Override
  public void handOver() {
    if (!replaced) {
      owner.replace(this);
    }
  }

  /**
   * Starts the thread of a clock and wakes it. `current` is written under the monitor before the
   * thread that it names is started, and read without it. Nothing is logged under the monitor,
   * because a log may block.
   */
  static final class Owner implements TimerRunner, WatchList.Watched {

    /** How long one timer may hold up the others. */
    private static final long PATIENCE_NANOS = 500_000_000;

    private final Clock clock;
    private volatile TimerThread current; // Null until a timer needs it.

    // Guarded by the monitor.
    private Timer seen; // The timer that was running at the last look, or null,
    private long since; // and since when.

    Owner(Clock clock) {
      this.clock = clock;
    }

    @Override
    public void wake() {
      TimerThread thread = current;
      if (thread == null || !thread.isAlive()) {
        thread = start();
      }
      LockSupport.unpark(thread);
    }

    private TimerThread start() {
      TimerThread started;
      Throwable failure = null;
      synchronized (this) {
        if ((current == null || !current.isAlive()) && !clock.state.isClosed()) {
          failure = startAfter(current);
        }
        started = current;
      }
      reportStart(failure);
      return started;
    }

    /**
     * Starts a thread that goes on with the remaining timers of another one, which may be null.
     *
     * @return why that failed; null if it did not
     */
    private Throwable startAfter(TimerThread last) {
      try {
        TimerThread thread = new TimerThread(this);
        if (last != null && !last.due.isEmpty()) {
          clock.state.split(last.due, thread.due);
        }
        current = thread;
        thread.start();
        WatchList.add(this);
        return null;
      } catch (Throwable thrown) { // Threads or memory are short.
        current = null;
        clock.state.runnerFailed();
        return thrown;
      }
    }

    private static void reportStart(Throwable failure) {
      if (failure != null) {
        Log.error("The clock's thread cannot start; the next timer tries again", failure);
      }
    }

    /** Starts another thread in place of one that has ended, if it should not have. */
    private void ended(TimerThread thread) {
      Throwable failure = null;
      synchronized (this) {
        if (current == thread) {
          if (clock.state.isClosed()) {
            WatchList.remove(this);
          } else {
            failure = startAfter(thread);
          }
        }
      }
      reportStart(failure);
    }

    /** Lets another thread go on with the timers, unless none can be started. */
    private void replace(TimerThread thread) {
      reportReplacement(tryToReplace(thread));
    }

    private static void reportReplacement(Throwable failure) {
      if (failure != null) {
        Log.error("A timer blocks, and no other thread can run timers meanwhile", failure);
      }
    }

    /** Returns why another thread cannot go on with the timers; null if it does. */
    private synchronized Throwable tryToReplace(TimerThread thread) {
      TimerThread next = null;
      try {
        next = new TimerThread(this);
        thread.replaced = true;
        clock.state.split(thread.due, next.due);
        current = next;
        next.start();
        return null;
      } catch (Throwable thrown) {
        current = thread;
        thread.replaced = false;
        if (next != null) {
          thread.due.fill(next.due.takeAll());
          clock.state.haveRun(next.due);
        }
        return thrown;
      }
    }

    @Override
    public void look(long now) {
      TimerThread thread = current;
      Timer running = thread == null ? null : thread.running;
      if (running != null) {
        lookAt(thread, running, now);
      }
    }

    private void lookAt(TimerThread thread, Timer running, long now) {
      Throwable failure;
      synchronized (this) {
        if (!holdsUp(thread, running, now)) {
          return;
        }
        seen = null;
        failure = tryToReplace(thread);
      }
      reportReplacement(failure);
      Log.warning(() -> "A timer holds up the clock's thread, and others go on: " + trace(thread));
    }

    private boolean holdsUp(TimerThread thread, Timer running, long now) {
      if (running != seen) {
        seen = running;
        since = now;
        return false;
      }
      return now - since >= PATIENCE_NANOS && thread == current && thread.running == running;
    }

    private static String trace(Thread thread) {
      StringBuilder text = new StringBuilder();
      for (StackTraceElement element : thread.getStackTrace()) {
        text.append("\n\tat ").append(element);
      }
      return text.toString();
    }

    @Override
    public void closed() {
      LockSupport.unpark(current);
    }
  }
}
