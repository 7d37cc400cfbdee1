package io.libprocess.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What one runtime thread does between two looks at the outside world: it runs a task, then the
 * tasks that this one made ready, and sends off what they have written.
 *
 * <h2>Protocol</h2>
 *
 * <p>A worker has a slot for one task to run next; an event-loop thread has a queue. Only the
 * owning thread puts tasks in. The owner takes them out, and so does the {@link Watchdog} if the
 * owner does not come back from a task: every removal is therefore atomic. {@link #events} and
 * {@link #running} are written by the owner alone and read by the watchdog, which needs no more
 * than to see them change.
 */
public final class RunLoop {

  /** How many tasks a worker runs through the slot before it looks whether others wait. */
  private static final int HANDOFFS = 512;

  private static final VarHandle NEXT;
  private static final VarHandle EVENTS;
  private static final VarHandle RUNNING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NEXT = lookup.findVarHandle(RunLoop.class, "next", Task.class);
      EVENTS = lookup.findVarHandle(RunLoop.class, "events", long.class);
      RUNNING = lookup.findVarHandle(RunLoop.class, "running", Task.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ForkJoinScheduler scheduler;
  private final ConcurrentLinkedQueue<Task> queue; // Null for a worker.
  private final Runnable whenStuck;
  private final List<Runnable> flushes = new ArrayList<>(); // Guarded by itself.

  private Task next;
  private Task running;
  private long events;
  private boolean mayFlush; // Owner only: whether flushes may hold something.
  private Object context; // Owner only.
  private long marked; // Owner only: the events served when the running task last said so.

  volatile boolean expired; // Set by the watchdog: let others run.
  volatile Thread thread; // For the watchdog's stack traces.

  RunLoop(ForkJoinScheduler scheduler, boolean queued, Runnable whenStuck) {
    this.scheduler = scheduler;
    this.queue = queued ? new ConcurrentLinkedQueue<>() : null;
    this.whenStuck = whenStuck;
  }

  /** The turn of the current thread, or null if that is no runtime thread. */
  public static RunLoop current() {
    Thread thread = Thread.currentThread();
    if (thread instanceof Worker worker) {
      return worker.turn;
    }
    return thread instanceof RuntimeThread other ? other.turn : null;
  }

  /** Runs {@code flush} at the end of the current thread's turn, or now if it has none. */
  public static void atEnd(Runnable flush) {
    RunLoop turn = current();
    if (turn == null) {
      flush.run();
    } else {
      synchronized (turn.flushes) {
        turn.flushes.add(flush);
      }
      turn.mayFlush = true;
    }
  }

  /** To be called before the current thread blocks: lets others have what waits for it. */
  public static void beforeBlocking() {
    RunLoop turn = current();
    if (turn != null) {
      turn.flush();
      turn.handOver();
    }
  }

  /** Whatever the running task has noted here with {@link #context(Object)}. */
  public Object context() {
    return context;
  }

  /** Notes who is running. */
  public void context(Object running) {
    context = running;
  }

  /** Begins to count the events that the running task serves. */
  public void mark() {
    marked = events;
  }

  /** How many events the running task has served since it called {@link #mark}. */
  public long servedSinceMark() {
    return events - marked;
  }

  /** The scheduler this turn belongs to. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** To be called by a task after each event that it has served. */
  public void eventServed() {
    EVENTS.setOpaque(this, events + 1);
  }

  /** Whether the running task should make room for others at the next opportunity. */
  public boolean isExpired() {
    return expired;
  }

  /** Binds the current thread to the runtime of this turn. */
  void bindContext() {
    scheduler.bindContext();
  }

  long events() {
    return (long) EVENTS.getOpaque(this);
  }

  Task running() {
    return (Task) RUNNING.getOpaque(this);
  }

  boolean isWorker() {
    return queue == null;
  }

  /** Takes a task from the owning thread; false if the scheduler has to find another place. */
  boolean accept(Task task) {
    if (queue != null) {
      queue.add(task);
      return true;
    }
    if (running == null || NEXT.getOpaque(this) != null) {
      return false;
    }
    NEXT.setRelease(this, task);
    return true;
  }

  private Task takeNext() {
    return NEXT.getOpaque(this) == null ? null : (Task) NEXT.getAndSet(this, null);
  }

  /** Runs a task and those that it makes ready, on a worker. */
  void drive(Task first) {
    Task task = first;
    for (int handoffs = 0; task != null; ) {
      run(task);
      flush();
      task = takeNext();
      if (task != null && (++handoffs == HANDOFFS || expired)) {
        handoffs = 0;
        if (scheduler.hasWaiting()) {
          scheduler.queue(task, this);
          task = null;
        } else {
          expired = false;
        }
      }
    }
    RUNNING.setOpaque(this, null);
    expired = false;
  }

  /**
   * Runs what became ready on this event-loop thread, one batch of each task; then sends off what
   * was written. What is ready after that is run by the workers.
   */
  public void runQueue() {
    for (Task task = queue.poll(); task != null; task = queue.poll()) {
      run(task);
      if (expired) {
        handOver();
      }
    }
    RUNNING.setOpaque(this, null);
    expired = false;
    flush();
    handOver(); // Room for output may have let more requests in, and this queue may now rest.
  }

  private void run(Task task) {
    RUNNING.setOpaque(this, task);
    scheduler.noteActivity();
    try {
      if (scheduler.isClosed()) {
        task.dropped();
      } else {
        task.run(this);
      }
    } catch (Throwable thrown) {
      Log.error("A task of the runtime threw", thrown);
    }
  }

  /** Runs a task here and now, inside the running one, if it waits for the current thread. */
  public void donate(Task task) {
    if (queue == null ? !NEXT.compareAndSet(this, task, null) : !queue.remove(task)) {
      return;
    }
    Task outer = running;
    Object outerContext = context;
    long outerServed = servedSinceMark();
    Trampoline.runApart(() -> run(task));
    context = outerContext;
    marked = events - outerServed;
    RUNNING.setOpaque(this, outer);
  }

  /** Gives what waits for this thread to the workers. Called by the owner or the watchdog. */
  void handOver() {
    Task waiting = takeNext();
    if (waiting != null) {
      scheduler.submit(waiting);
    }
    if (queue != null) {
      for (Task task = queue.poll(); task != null; task = queue.poll()) {
        scheduler.submit(task);
      }
    }
  }

  /** Sends off what was written. Called by the owner or the watchdog. */
  void flush() {
    if (mayFlush || Thread.currentThread() != thread) {
      mayFlush = false;
      flushAll();
    }
  }

  private void flushAll() {
    for (; ; ) {
      Runnable[] taken;
      synchronized (flushes) {
        if (flushes.isEmpty()) {
          return;
        }
        taken = flushes.toArray(Runnable[]::new);
        flushes.clear();
      }
      for (Runnable flush : taken) {
        try {
          flush.run();
        } catch (Throwable thrown) {
          Log.error("Sending failed", thrown);
        }
      }
    }
  }

  /** Called by the watchdog when the thread has not come back from an event for some time. */
  void stuck() {
    flush();
    handOver();
    whenStuck.run();
  }
}
