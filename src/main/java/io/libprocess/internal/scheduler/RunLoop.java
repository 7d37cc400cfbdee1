package io.libprocess.internal.scheduler;

import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Log;
import io.libprocess.internal.Trampoline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The loop of one runtime thread: the task it runs, how many events that has served, and the output
 * to be sent off when it has served the current one.
 *
 * <p>Tasks see it through these methods. A scheduler without threads makes one for each node,
 * {@linkplain RuntimeThread#enter enters} it and runs tasks by {@link #step}.
 *
 * <h2>Protocol</h2>
 *
 * <p>{@link #events}, {@link #running} and {@link #marked} are written only by the owning thread
 * and read by the {@link Watchdog} and by {@link Running}, which only need to see them change.
 * {@link #flushes} is guarded by its own monitor: the watchdog has another thread flush for an
 * owner that does not return from an event.
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

  private static final Runnable[] NONE = {};

  private final Scheduler scheduler;
  private final Object clock;
  private final List<Runnable> flushes = new ArrayList<>(); // Guarded by its own monitor.

  private Task running;
  private long events;
  private boolean mayFlush; // Owner only: whether there may be flushes.
  private Object context; // Owner only.
  private long marked; // The events served when the running task last called mark.

  volatile boolean expired; // Set by the watchdog: let others run.
  volatile Thread thread; // For the watchdog's stack traces.

  volatile Watchdog.Observation observed; // Written by the watchdog; null while nothing runs.

  /**
   * Makes a run loop that no thread executes yet.
   *
   * @param clock the result of {@link ThreadContext#clock} on the thread that executes it
   */
  public RunLoop(Scheduler scheduler, Object clock) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** The run loop of the current thread, or null if that is not a runtime thread. */
  public static RunLoop current() {
    Thread thread = Thread.currentThread();
    if (thread instanceof Worker worker) {
      return worker.loop;
    }
    return thread instanceof RuntimeThread other ? other.loop : null;
  }

  /**
   * Runs {@code flush} when the current thread has served its event, or now if it serves none or
   * there is no memory for noting it: nobody else would run it.
   */
  public static void atEnd(Runnable flush) {
    RunLoop loop = current();
    if (loop == null || !loop.note(flush)) {
      flush.run();
    }
  }

  private boolean note(Runnable flush) {
    try {
      synchronized (flushes) {
        flushes.add(flush);
      }
    } catch (OutOfMemoryError e) {
      return false;
    }
    mayFlush = true;
    return true;
  }

  /**
   * Runs unrelated work, such as a user's callbacks, as a separate task, or now if the current
   * thread is in no run loop.
   */
  public static void apart(Runnable body) {
    RunLoop loop = current();
    if (loop == null) {
      body.run();
    } else {
      loop.scheduler.ready(new OneTask(body));
    }
  }

  /** Hands the tasks that wait for the current thread to others, because it is about to block. */
  public static void beforeBlocking() {
    RunLoop loop = current();
    if (loop != null) {
      loop.flush();
      loop.willBlock();
    }
  }

  /** Called when the owner is about to tell its pool that it blocks. */
  void willBlock() {}

  /**
   * Whether the current thread is polling: nothing else is polled until it returns, and no other
   * thread can take over, so user code must not run there.
   */
  public static boolean isInsidePoll() {
    return current() instanceof WorkerLoop loop && loop.insidePoll;
  }

  /** The object that the running task has set with {@link #context(Object)}. */
  public Object context() {
    return context;
  }

  /** Sets the object that describes what is running. */
  public void context(Object running) {
    context = running;
  }

  /** Starts counting the events that the running task serves. */
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

  /**
   * Counts an event that the running task has served, and clears the thread's interrupt status:
   * what one event does to the thread is not for the next. Called after each.
   */
  public void eventServed() {
    EVENTS.setOpaque(this, events + 1);
    Thread.interrupted();
  }

  /** Whether the running task should give way to others at the next opportunity. */
  public boolean isExpired() {
    return expired;
  }

  long events() {
    return (long) EVENTS.getOpaque(this);
  }

  long marked() {
    return (long) MARKED.getOpaque(this);
  }

  Task running() {
    return (Task) RUNNING.getOpaque(this);
  }

  final void running(Task task) {
    RUNNING.setOpaque(this, task);
  }

  /**
   * Notes that a task was made ready. For schedulers that choose each event.
   *
   * @return false if it had been before and has not begun to run since: two threads could run it at
   *     once
   */
  public static boolean becomesReady(Task task) {
    boolean first = !task.due;
    task.due = true;
    return first;
  }

  /**
   * Runs one event of a task, and sends off its output. For schedulers that choose each event: a
   * task that has more to do yields.
   *
   * @param whole whether the task may serve as many events at once as it would on a thread
   */
  public void step(Task task, boolean whole) {
    Object outer = ContextSlot.enter(null); // The thread may be in the middle of anything.
    try {
      expired = !whole;
      task.begin(false);
      run(task);
      flush();
      running(null);
    } finally {
      ContextSlot.exit(outer);
    }
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

  /** Runs a task at once, inside the running one, if it waits for the current thread. */
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

  /** Removes a task that waits for this thread from its place; false if it does not wait. */
  boolean takeBack(Task task) {
    return false;
  }

  /** Hands the tasks that wait for this thread to others. Called by the owner or the watchdog. */
  void handOver() {}

  /** Sends off the output. Called by the owner. */
  final void flush() {
    if (mayFlush) {
      mayFlush = false;
      flushAll();
    }
  }

  /**
   * Has another thread send off the output of an owner that does not return from an event. Called
   * by the watchdog, which must not do it itself: it may have to ask a stream's source, which is
   * the user's code and may block.
   */
  final void flushElsewhere() {
    synchronized (flushes) {
      if (flushes.isEmpty()) {
        return;
      }
    }
    try {
      scheduler.internalBlocking().execute(this::flushAll);
    } catch (Throwable refused) { // There is no thread to be had, or the scheduler is closed.
      flushAll();
    }
  }

  private void flushAll() {
    for (; ; ) {
      Runnable[] all = NONE;
      Runnable first = null;
      synchronized (flushes) {
        if (flushes.isEmpty()) {
          return;
        }
        try {
          all = flushes.toArray(Runnable[]::new);
          flushes.clear();
        } catch (OutOfMemoryError e) {
          first = flushes.remove(0);
        }
      }
      for (Runnable flush : all) {
        flush(flush);
      }
      if (first != null) {
        flush(first);
      }
    }
  }

  private static void flush(Runnable flush) {
    try {
      flush.run();
    } catch (Throwable thrown) {
      Log.error("The output of a task could not be sent", thrown);
    }
  }
}
