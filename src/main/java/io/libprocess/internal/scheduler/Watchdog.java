package io.libprocess.internal.scheduler;

import io.libprocess.internal.Log;
import io.libprocess.internal.NonBlocking;
import io.libprocess.internal.Saturating;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches the workers every few milliseconds while they work. The tasks that wait for a worker
 * which does not return from an event are given to others; a worker that serves many events is
 * asked to let others run; an event that takes longer than the threshold is reported; if tasks wait
 * all the time, an epoch ends. So the workers themselves never read a clock or share the tasks that
 * they are about to run.
 *
 * <p>While no worker works, it looks once a second for threads that died, and for tasks left over
 * by an error. If its own thread dies, the workers that poll start it again.
 */
final class Watchdog implements AutoCloseable {

  private static final long TICK_NANOS = 2_000_000;
  private static final long IDLE_TICK_NANOS = 1_000_000_000;
  private static final int IDLE_TICKS_BEFORE_SLEEP = 100;
  private static final long CLOSE_WAIT_MILLIS = 500;

  /**
   * How many ticks in a row tasks have to wait before an epoch ends: a few, and more if it took
   * long until the queues were empty the last time, because putting tasks aside costs something.
   */
  private static final int LEAST_PATIENCE = 2;

  private static final int MOST_PATIENCE = 50;
  private static final int PATIENCE_PER_TICK = 8;

  private final String name;
  private final ForkJoinScheduler scheduler;
  private final long stallNanos;
  private final SchedulerListener listener;

  private volatile Thread thread; // Replaced under the monitor of this object.
  private volatile boolean asleep;
  private volatile boolean closed;

  // The thread's.
  private volatile long stuck; // How often a worker did not come back.
  private int waitingTicks;
  private int endingTicks; // How long the epoch has been ending.
  private int patience = LEAST_PATIENCE;

  Watchdog(
      String name,
      ForkJoinScheduler scheduler,
      Duration stallThreshold,
      SchedulerListener listener) {
    this.name = name;
    this.scheduler = scheduler;
    this.stallNanos = Saturating.nanos(stallThreshold);
    this.listener = listener;
  }

  /** The observation of a running loop. Any thread may read the numbers. */
  static final class Observation {
    final long events; // How many the loop had served,
    final long since; // and since when that has been so.
    private boolean stuck; // This and the next one are the watchdog's.
    private boolean reported;

    private Observation(long events, long since) {
      this.events = events;
      this.since = since;
    }
  }

  /** Nothing replaces this thread if a log blocks it. */
  private final class WatchThread extends Thread implements NonBlocking {

    WatchThread() {
      super(null, Watchdog.this::watch, name, 0, false);
      setDaemon(true);
      setContextClassLoader(Watchdog.class.getClassLoader());
    }

    @Override
    public boolean mustNotBlock() {
      return true;
    }
  }

  synchronized void start() {
    if (!closed) {
      Thread made = new WatchThread();
      made.start();
      thread = made;
    }
  }

  /** Restarts the thread if it has died. Any thread may call this. */
  void check() {
    Thread seen = thread;
    if (seen != null && !seen.isAlive()) {
      synchronized (this) {
        if (thread == seen) {
          start();
        }
      }
    }
  }

  /** Wakes the watchdog because work begins; cheap while it is awake. */
  void wake() {
    if (asleep) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  /** How often a worker did not return from an event for some milliseconds. */
  long stuck() {
    return stuck;
  }

  /** The tasks that the loops run. Any thread may call this. */
  List<Running> running() {
    List<Running> found = new ArrayList<>();
    long now = System.nanoTime();
    for (WorkerLoop loop : scheduler.loops()) {
      Running running = Running.of(loop, now);
      if (running != null) {
        found.add(running);
      }
    }
    return found;
  }

  private void watch() {
    while (!closed) {
      try {
        watchOn();
      } catch (Throwable lost) {
        // Without memory not even a call of the log succeeds. This block needs none.
      }
    }
  }

  private void watchOn() {
    int idleTicks = 0;
    while (!closed) {
      try {
        LockSupport.parkNanos(this, TICK_NANOS);
        idleTicks = look(System.nanoTime()) ? 0 : idleTicks + 1;
        if (idleTicks > IDLE_TICKS_BEFORE_SLEEP) {
          sleep();
          idleTicks = 0;
        }
      } catch (Throwable thrown) { // From a report, or for lack of a thread or of memory.
        Log.error("The watchdog of the runtime's threads failed and goes on", thrown);
      }
      Thread.interrupted();
    }
  }

  // Work that begins later finds the flag set. A thread that read the flag before may have recorded
  // its task in a place that this thread does not see yet, because neither access is ordered: hence
  // the second look, which comes a long time later by a processor's measure.
  private void sleep() {
    try {
      asleep = true;
      if (!look(System.nanoTime())) {
        LockSupport.parkNanos(this, TICK_NANOS);
        while (asleep && !closed && !look(System.nanoTime())) {
          LockSupport.parkNanos(this, IDLE_TICK_NANOS);
        }
      }
    } finally {
      asleep = false;
    }
  }

  /** Looks at everything; returns whether a task runs or waits. */
  private boolean look(long now) {
    WatchList.look(now);
    boolean left = scheduler.resubmitDoubtful();
    boolean vacant = scheduler.checkRoles();
    boolean waiting = scheduler.hasWaiting();
    if (waiting) {
      scheduler.wakeWorker();
      scheduler.substitution().check(now);
    }
    lookAtEpoch(waiting);
    boolean running = lookAtLoops(now);
    listener.ticked();
    return running | waiting | left | vacant;
  }

  private void lookAtEpoch(boolean waiting) {
    if (scheduler.isEpochEnding()) {
      endingTicks++;
      scheduler.endEpochIfDrained();
      return;
    }
    waitingTicks = waiting ? waitingTicks + 1 : 0;
    if (waitingTicks >= patience) {
      patience = Math.max(LEAST_PATIENCE, Math.min(MOST_PATIENCE, PATIENCE_PER_TICK * endingTicks));
      waitingTicks = 0;
      endingTicks = 0;
      scheduler.endEpoch();
    }
  }

  private boolean lookAtLoops(long now) {
    boolean anyRunning = false;
    for (WorkerLoop loop : scheduler.loops()) {
      if (loop.running() == null) {
        loop.observed = null;
        continue;
      }
      anyRunning = true;
      loop.expired = true;
      Task task = loop.running();
      if (task != null) {
        listener.seen(task);
      }
      Observation seen = loop.observed;
      long events = loop.events();
      if (seen == null || seen.events != events) {
        loop.observed = new Observation(events, now);
      } else {
        notComingBack(loop, seen, now);
      }
    }
    if (anyRunning) {
      listener.looked();
    }
    return anyRunning;
  }

  private void notComingBack(WorkerLoop loop, Observation seen, long now) {
    if (!seen.stuck) {
      seen.stuck = true;
      stuck++;
    }
    // Each time, although it was done before: there may be new output and new tasks, and between
    // two
    // looks the thread may have become the leader again without serving an event.
    loop.stuck();
    Thread owner = loop.thread; // Null if the thread has left the loop meanwhile.
    if (!seen.reported && owner != null && now - seen.since >= stallNanos) {
      seen.reported = true;
      listener.stalled(owner, loop.context());
    }
  }

  @Override
  public void close() {
    Thread ending;
    synchronized (this) {
      closed = true;
      ending = thread;
    }
    LockSupport.unpark(ending);
    try {
      if (ending != null) {
        ending.join(CLOSE_WAIT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
