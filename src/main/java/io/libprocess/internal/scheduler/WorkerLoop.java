package io.libprocess.internal.scheduler;

import io.libprocess.internal.Log;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The run loop of a {@link Worker}: it runs a task, then the tasks that this one made ready, and
 * sends off their output.
 *
 * <h2>Protocol</h2>
 *
 * <p>A worker has a slot for one task to run next (as the schedulers of Go and Tokio have). While
 * it {@linkplain PollingRole polls}, or {@linkplain Substitution substitutes} for others, it has a
 * queue instead, because a request should be served by the thread that has read it. Only the owning
 * thread puts tasks in. The owner takes them out, and so does the {@link Watchdog} if the owner
 * does not return from a task: every removal is therefore atomic.
 */
final class WorkerLoop extends RunLoop {

  /** How many tasks a worker runs through the slot before it checks whether others wait. */
  private static final int HANDOFFS = 512;

  /** How long an event holds up the others before a substitute runs them. */
  private static final long STUCK_NANOS = 20_000_000;

  private static final VarHandle NEXT;
  private static final VarHandle HAND_OFFS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NEXT = lookup.findVarHandle(WorkerLoop.class, "next", Task.class);
      HAND_OFFS = lookup.findVarHandle(WorkerLoop.class, "handOffs", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ForkJoinScheduler scheduler;
  private final ConcurrentLinkedQueue<Task> queue = new ConcurrentLinkedQueue<>();

  private Task next;
  private long handOffs; // Written by the owner with a delay; read by any thread.
  private boolean queueing; // Owner only: whether the queue is in use.
  boolean insidePoll; // Owner only.

  volatile PollingRole.Tenure tenure; // Null if this thread does not poll. Written by the owner.

  WorkerLoop(ForkJoinScheduler scheduler, Object clock) {
    super(scheduler, clock);
    this.scheduler = scheduler;
  }

  /**
   * Takes a task from the owning thread; false if the scheduler has to find another place for it.
   */
  boolean accept(Task task) {
    if (queueing) {
      return queue.add(task);
    }
    if (running() == null || NEXT.getOpaque(this) != null) {
      return false;
    }
    NEXT.setRelease(this, task);
    return true;
  }

  boolean isQueueing() {
    return queueing;
  }

  /** How many tasks ran next because they were made ready here; up to a few hundred behind. */
  long handOffs() {
    return (long) HAND_OFFS.getOpaque(this);
  }

  private void handedOff(int more) {
    HAND_OFFS.setOpaque(this, handOffs + more);
  }

  private Task takeNext() {
    return NEXT.getOpaque(this) == null ? null : (Task) NEXT.getAndSet(this, null);
  }

  /** Runs a task that came from the pool, and the tasks that it makes ready. */
  void drive(Task first) {
    Task task = first;
    int handoffs = 0;
    try {
      while (task != null) {
        begin(task);
        flush();
        task = takeNext();
        if (task != null && (++handoffs == HANDOFFS || expired)) {
          handedOff(handoffs);
          handoffs = 0;
          if (scheduler.hasWaiting()) {
            scheduler.queue(task);
            task = null;
          } else {
            expired = false;
          }
        }
      }
    } catch (Throwable thrown) {
      try {
        handOver();
      } finally {
        Log.error("A worker failed", thrown);
      }
    } finally { // Even if logging failed, too, for lack of memory.
      running(null);
      expired = false;
      if (handoffs > 0) {
        handedOff(handoffs);
      }
    }
    if (scheduler.isEpochEnding()) {
      scheduler.endEpochIfDrained();
    }
  }

  /** Polls or substitutes, on a thread of the pool for polling. */
  void lead(Task role) {
    try {
      role.run(this);
    } catch (Throwable thrown) {
      Log.error("A polling worker failed", thrown);
    } finally {
      running(null);
      expired = false;
    }
  }

  private void begin(Task task) {
    if (task.begin(scheduler.mayQueueTwice())) {
      scheduler.noteActivity();
      run(task);
    }
  }

  /**
   * Starts queueing here the tasks that are made ready on this thread.
   *
   * @param begun null if this thread does not poll
   */
  void beginQueueing(PollingRole.Tenure begun) {
    tenure = begun;
    queueing = true;
  }

  void endQueueing() {
    queueing = false;
    tenure = null;
    handOver();
  }

  /** Runs a task, and then what became ready on this thread. */
  void runWithQueue(Task task) {
    begin(task);
    runQueue();
  }

  /**
   * Runs what became ready on this thread while it queued, one batch of each task; then sends off
   * the output. Tasks that are ready after that are run by other workers.
   */
  void runQueue() {
    for (Task task = queue.poll(); task != null; task = queue.poll()) {
      begin(task);
      if (expired) {
        handOver();
      }
    }
    flush(); // Before it says that nothing runs, so that the watchdog watches this, too.
    running(null);
    expired = false;
    handOver(); // Room for output may have admitted more requests, and this queue may now rest.
  }

  @Override
  boolean takeBack(Task task) {
    return queue.remove(task) || NEXT.compareAndSet(this, task, null);
  }

  @Override
  void handOver() {
    Task waiting = takeNext();
    if (waiting != null) {
      scheduler.submit(waiting);
    }
    for (Task task = queue.poll(); task != null; task = queue.poll()) {
      scheduler.submit(task);
    }
  }

  @Override
  void willBlock() {
    handOver();
    PollingRole.Tenure held = tenure;
    if (held != null) {
      held.takeOver();
    }
  }

  /** Whether the running event has not returned for so long that others need not wait for it. */
  boolean isStuck(long now) {
    Watchdog.Observation seen = observed;
    return seen != null && running() != null && now - seen.since >= STUCK_NANOS;
  }

  /** Called by the watchdog when the thread has not returned from an event for some time. */
  void stuck() {
    flushElsewhere();
    handOver();
    PollingRole.Tenure held = tenure;
    if (held != null) {
      held.takeOver();
    }
  }
}
