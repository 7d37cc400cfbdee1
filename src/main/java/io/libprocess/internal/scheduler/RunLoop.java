package io.libprocess.internal.scheduler;

import io.libprocess.internal.Log;
import io.libprocess.internal.Trampoline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What one runtime thread is doing: which task it runs, how many events that has served, and what
 * is to be sent off when it has served this one.
 *
 * <p>Tasks see it through these methods. A scheduler that has no threads of its own makes one for
 * each node, {@linkplain RuntimeThread#enter enters} it and runs tasks by {@link #step}.
 *
 * <h2>Protocol</h2>
 *
 * <p>{@link #events}, {@link #running} and {@link #marked} are written by the owning thread alone
 * and read by the {@link Watchdog} and by {@link Running}, which need no more than to see them
 * change. {@link #flushes} is guarded by itself: the watchdog flushes for an owner that does not
 * come back from an event.
 */
public class RunLoop {

  private static final VarHandle EVENTS;
  private static final VarHandle RUNNING;
  private static final VarHandle MARKED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      EVENTS = lookup.findVarHandle(RunLoop.class, "events", long.class);
      RUNNING = lookup.findVarHandle(RunLoop.class, "running", Task.class);
      MARKED = lookup.findVarHandle(RunLoop.class, "marked", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Scheduler scheduler;
  private final Object clock;
  private final List<Runnable> flushes = new ArrayList<>(); // Guarded by itself.

  private Task running;
  private long events;
  private boolean mayFlush; // Owner only: whether flushes may hold something.
  private Object context; // Owner only.
  private long marked; // The events served when the running task last said so.

  volatile boolean expired; // Set by the watchdog: let others run.
  volatile Thread thread; // For the watchdog's stack traces.

  // Of the watchdog: since when it has seen this number of events. The number is written last.
  private long seenSince;
  private volatile long seenEvents = -1;

  /**
   * Makes a run loop that no thread executes yet.
   *
   * @param clock what {@link ThreadContext#clock} gives on the thread that executes it
   */
  public RunLoop(Scheduler scheduler, Object clock) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** The run loop of the current thread, or null if that is no runtime thread. */
  public static RunLoop current() {
    Thread thread = Thread.currentThread();
    if (thread instanceof Worker worker) {
      return worker.loop;
    }
    return thread instanceof RuntimeThread other ? other.loop : null;
  }

  /** Runs {@code flush} when the current thread has served its event, or now if it serves none. */
  public static void atEnd(Runnable flush) {
    RunLoop loop = current();
    if (loop == null) {
      flush.run();
    } else {
      synchronized (loop.flushes) {
        loop.flushes.add(flush);
      }
      loop.mayFlush = true;
    }
  }

  /**
   * Runs something that belongs to nobody here, such as callbacks of a user, as a task of its own;
   * now if the current thread is in no run loop.
   */
  public static void apart(Runnable body) {
    RunLoop loop = current();
    if (loop == null) {
      body.run();
    } else {
      loop.scheduler.ready(new OneTask(body));
    }
  }

  /** Lets others have what waits for the current thread, which is about to block. */
  public static void beforeBlocking() {
    RunLoop loop = current();
    if (loop != null) {
      loop.flush();
      loop.willBlock();
    }
  }

  /** The owner is about to block, as its pool will be told. */
  void willBlock() {}

  /**
   * Whether the current thread polls just now: nothing else is polled until it returns, and nobody
   * can take over, so code of users must not run there.
   */
  public static boolean isInsidePoll() {
    return current() instanceof WorkerLoop loop && loop.insidePoll;
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
    MARKED.setOpaque(this, events);
  }

  /** How many events the running task has served since it called {@link #mark}. */
  public long servedSinceMark() {
    return events - marked;
  }

  /** The scheduler whose tasks run here. */
  public Scheduler scheduler() {
    return scheduler;
  }

  Object clock() {
    return clock;
  }

  /** Counts an event that the running task has served; called after each. */
  public void eventServed() {
    EVENTS.setOpaque(this, events + 1);
    Thread.interrupted(); // Whoever is served next has not been interrupted.
  }

  /** Whether the running task should make room for others at the next opportunity. */
  public boolean isExpired() {
    return expired;
  }

  long events() {
    return (long) EVENTS.getOpaque(this);
  }

  long marked() {
    return (long) MARKED.getOpaque(this);
  }

  /** The watchdog sees a number of events for the first time. */
  final void sees(long count, long now) {
    seenEvents = -1;
    seenSince = now;
    seenEvents = count;
  }

  /** Since when the watchdog has seen a number of events. */
  final long seenSince(long count, long now) {
    if (seenEvents != count) {
      return now;
    }
    long since = seenSince;
    return seenEvents == count ? since : now;
  }

  Task running() {
    return (Task) RUNNING.getOpaque(this);
  }

  final void running(Task task) {
    RUNNING.setOpaque(this, task);
  }

  /**
   * Runs one event of a task, and sends off what it wrote. For schedulers that decide about each
   * event: a task that has more to do yields.
   */
  public void step(Task task) {
    expired = true;
    run(task);
    flush();
    running(null);
  }

  final void run(Task task) {
    running(task);
    try {
      if (scheduler.isClosed()) {
        task.dropped();
      } else {
        task.run(this);
      }
    } catch (Throwable thrown) {
      context = null;
      Log.error("A task of the runtime threw", thrown);
    }
  }

  /** Runs a task here and now, inside the running one, if it waits for the current thread. */
  public final void donate(Task task) {
    if (!takeBack(task) || !task.begin(true)) {
      return;
    }
    Task outer = running;
    Object outerContext = context;
    long outerServed = servedSinceMark();
    try {
      Trampoline.runApart(() -> run(task));
    } finally {
      context = outerContext;
      MARKED.setOpaque(this, events - outerServed);
      running(outer);
    }
  }

  /** Takes a task that waits for this thread out of where it waits; false if it does not. */
  boolean takeBack(Task task) {
    return false;
  }

  /** Gives what waits for this thread to others. Called by the owner or the watchdog. */
  void handOver() {}

  /** Sends off what was written. Called by the owner or the watchdog. */
  final void flush() {
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
          Log.error("Sending what a task has written failed", thrown);
        }
      }
    }
  }
}
