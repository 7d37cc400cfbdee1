package io.libprocess.internal.scheduler;

import io.libprocess.internal.Log;
import io.libprocess.internal.flight.Flight;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The default scheduler: a {@link ForkJoinPool} in FIFO mode, whose workers also poll for I/O, and
 * a {@link Watchdog}.
 *
 * <h2>Epochs: no ready task waits for ever</h2>
 *
 * <p>A worker of the pool looks at other queues only when its own is empty, and may stay with the
 * one where it found something, so tasks that are always ready could keep it from all others. If
 * tasks have been waiting all the time for a while, the watchdog therefore ends the epoch (as the
 * two arrays of Linux's O(1) scheduler do): tasks that become ready from now on are put aside in
 * {@link #nextEpoch}, so that the queues of the pool run empty, which runs each task that waits
 * there. Then the next epoch begins with the tasks that were put aside. A ready task waits for two
 * epochs at most.
 *
 * <h2>Substitutes: no task waits for events that do not return</h2>
 *
 * <p>If no worker returns from its event while tasks wait, the watchdog takes these out of the
 * pool, and other threads run them: see {@link Substitution}.
 *
 * <h2>Errors</h2>
 *
 * <p>If the stack or the memory runs out inside the pool, or it cannot start a thread, it is
 * unknown whether it has the task. Such a task goes to the list of doubtful ones, only by writes to
 * fields because the stack may be full, and the watchdog submits it again. From then on a task may
 * be queued twice, and a thread that runs one makes sure that it is the first ({@link Task#begin}).
 */
public final class ForkJoinScheduler implements PollingScheduler {

  /** How many threads may be added while workers block. */
  private static final int SPARE_THREADS = 1024;

  /** How many threads may poll, or run tasks that became ready by polling. */
  private static final int MOST_POLLERS = 4096;

  /** How often a task that only wakes a worker may be queued. */
  private static final int MOST_WAKE_UPS = 2;

  private static final int VAIN_WAKE_UPS_BEFORE_DOUBT = 128;

  /** How long closing waits for threads, each time. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private final TaskPool pool;
  private final TaskPool pollers; // As many threads as needed.
  private final int workers;
  private final Watchdog watchdog;
  private final SchedulerListener listener;
  private final BlockingExecutor blocking;
  private final BlockingExecutor internalBlocking;
  private final Object clock;
  private final AtomicInteger workerNumber = new AtomicInteger();

  private final List<WorkerLoop> loops = new CopyOnWriteArrayList<>();
  private final Object retirement = new Object();
  private long retiredEvents; // Guarded by retirement.
  private long retiredHandOffs; // Guarded by retirement.
  private final LongAdder takeOvers = new LongAdder();

  private final List<PollingRole> roles = new CopyOnWriteArrayList<>();
  private final Task wakeUp = new WakeUp();
  final AtomicInteger wakeUps = new AtomicInteger(); // How often it is queued.
  private int vainWakeUps; // Used only by the watchdog.

  private final TaskList nextEpoch = new TaskList(); // Guarded by its own monitor.
  private volatile boolean epochEnding; // Written under the lock of nextEpoch.

  private final Substitution substitution;

  private final Object doubts = new Object();
  private volatile Task doubtful; // Written under the lock of doubts.
  private volatile boolean mayQueueTwice;

  private volatile boolean closed;

  /**
   * Starts the scheduler.
   *
   * @param name the prefix of the threads' names
   * @param workers how many tasks may run at once
   * @param virtualThreads whether the user's blocking calls run on virtual threads
   * @param clock the result of {@link ThreadContext#clock} on the threads
   * @param stallThreshold how long one event may take
   * @param listener is told of events that take longer, and of what else is observed
   */
  public ForkJoinScheduler(
      String name,
      int workers,
      boolean virtualThreads,
      Object clock,
      Duration stallThreshold,
      SchedulerListener listener) {
    this.clock = clock;
    this.workers = workers;
    this.listener = listener;
    this.watchdog = new Watchdog(name + "-watchdog", this, stallThreshold, listener);
    this.blocking = new BlockingExecutor(name + "-async-", virtualThreads, this::bindContext);
    this.internalBlocking = new BlockingExecutor(name + "-blocking-", false, this::bindContext);
    this.pool = newPool(name, workers, SPARE_THREADS);
    this.pollers = newPool(name, MOST_POLLERS, 0);
    this.substitution = new Substitution(this, pool, pollers);
  }

  private TaskPool newPool(String name, int parallelism, int spareThreads) {
    return new TaskPool(
        parallelism,
        parallelism + spareThreads,
        pool -> Worker.make(pool, this, name + "-worker-" + workerNumber.incrementAndGet()));
  }

  /** Starts the threads. */
  public ForkJoinScheduler start() {
    Log.prepare();
    watchdog.start();
    return this;
  }

  /** Does nothing, because it only has to wake the worker. */
  private final class WakeUp extends Task {
    private static final long serialVersionUID = 1L;

    @Override
    boolean mayRunTwice() {
      return true;
    }

    @Override
    protected void run(RunLoop loop) {
      wakeUps.decrementAndGet();
    }
  }

  /* ------ Ready tasks ------ */

  @Override
  public void ready(Task task) {
    try {
      task.due = true;
      if (RunLoop.current() instanceof WorkerLoop loop && loop.scheduler() == this) {
        if (!loop.accept(task)) {
          fork(task);
        }
      } else {
        submit(task);
      }
    } catch (Throwable thrown) {
      synchronized (doubts) { // No calls from here on: the stack may be full.
        if (task.doubt == null) {
          task.doubt = doubtful == null ? task : doubtful;
          doubtful = task;
        }
      }
    }
  }

  @Override
  public void yield(Task task) {
    task.due = true;
    if (!(RunLoop.current() instanceof WorkerLoop loop)
        || loop.scheduler() != this
        || loop.isQueueing()) {
      submit(task);
    } else if (hasWaiting() || !loop.accept(task)) {
      queue(task);
    }
  }

  /** Whether a task waits for a worker; forking one when none does would only wake another core. */
  boolean hasWaiting() {
    return pool.hasQueuedSubmissions() || pool.getQueuedTaskCount() > 0 || !substitution.isEmpty();
  }

  /** Queues a task after those that wait, on a worker; does not throw. */
  void queue(Task task) {
    try {
      fork(task);
    } catch (Throwable thrown) {
      doubt(task);
    }
  }

  private void fork(Task task) {
    if (epochEnding && putAside(task)) {
      return;
    }
    if (closed) {
      task.dropped();
      return;
    }
    try {
      task.fork();
    } catch (RejectedExecutionException e) {
      rejected(task);
    }
  }

  /** Hands a task to the pool, from any thread. */
  void submit(Task task) {
    if (epochEnding && putAside(task)) {
      return;
    }
    try {
      pool.execute(task);
      noteActivity();
    } catch (RejectedExecutionException e) {
      rejected(task);
    } catch (Throwable thrown) {
      doubt(task);
    }
  }

  private void rejected(Task task) {
    if (closed) {
      task.dropped();
    } else {
      doubt(task); // The pool has no memory for it now.
    }
  }

  /** Whether a task may be queued more than once, only one of which counts. */
  boolean mayQueueTwice() {
    return mayQueueTwice;
  }

  void doubt(Task task) {
    synchronized (doubts) {
      if (task.doubt == null) {
        task.doubt = doubtful == null ? task : doubtful;
        doubtful = task;
      }
    }
    noteActivity();
  }

  /**
   * Submits the tasks of which it is unknown whether they are queued; returns whether there were
   * any. Called by the watchdog.
   */
  boolean resubmitDoubtful() {
    if (doubtful == null) {
      return false;
    }
    mayQueueTwice = true;
    Task task;
    synchronized (doubts) {
      task = doubtful;
      doubtful = null;
    }
    while (task != null) {
      Task next = task.doubt == task ? null : task.doubt;
      synchronized (doubts) {
        task.doubt = null; // It may come back into the list.
      }
      submit(task);
      task = next;
    }
    return true;
  }

  /* ------ Epochs ------ */

  boolean isEpochEnding() {
    return epochEnding;
  }

  private boolean putAside(Task task) {
    synchronized (nextEpoch) {
      if (epochEnding) {
        nextEpoch.add(task);
      }
      return epochEnding;
    }
  }

  /** Ends the epoch: tasks that become ready from now on wait until the pool has run empty. */
  void endEpoch() {
    synchronized (nextEpoch) {
      epochEnding = !closed;
    }
  }

  /** Begins the next epoch if no task of the last one waits any more. */
  void endEpochIfDrained() {
    if (epochEnding && !hasWaiting()) {
      beginEpoch();
    }
  }

  private void beginEpoch() {
    TaskList begun = new TaskList();
    synchronized (nextEpoch) {
      nextEpoch.moveTo(begun);
      epochEnding = false;
    }
    for (Task task = begun.poll(); task != null; task = begun.poll()) {
      submit(task);
    }
  }

  /* ------ Threads ------ */

  Substitution substitution() {
    return substitution;
  }

  void noteActivity() {
    watchdog.wake();
  }

  void checkWatchdog() {
    watchdog.check();
  }

  void bindContext() {
    ThreadContext.bind(this, clock);
  }

  List<WorkerLoop> loops() {
    return loops;
  }

  WorkerLoop newLoop() {
    WorkerLoop loop = new WorkerLoop(this, clock);
    loops.add(loop);
    return loop;
  }

  void retire(WorkerLoop loop) {
    synchronized (retirement) {
      retiredEvents += loop.events();
      retiredHandOffs += loop.handOffs();
      loops.remove(loop);
    }
  }

  /* ------ Polling ------ */

  @Override
  public Polling poll(Source source) {
    PollingRole role = new PollingRole(this, source);
    roles.add(role);
    fill(role);
    return role;
  }

  /** Makes an otherwise idle thread the leader of a role. */
  void fill(PollingRole role) {
    role.submitTo(pollers);
    noteActivity();
  }

  void roleOver(PollingRole role) {
    roles.remove(role);
  }

  /** Fills roles that stayed vacant; returns whether any is vacant. */
  boolean checkRoles() {
    boolean vacant = false;
    for (PollingRole role : roles) {
      role.check();
      vacant |= role.isVacant();
    }
    return vacant;
  }

  /**
   * Wakes a worker if one is idle. The watchdog does so while tasks wait: if other workers do not
   * return from their tasks, the pool of JDK 17 may miss that an idle one is needed.
   */
  void wakeWorker() {
    if (wakeUps.get() >= MOST_WAKE_UPS
        && ++vainWakeUps % VAIN_WAKE_UPS_BEFORE_DOUBT == 0
        && pool.getActiveThreadCount() < workers) {
      wakeUps.set(0); // They are in the pool, whose threads died: only more work starts others.
    }
    if (wakeUps.get() < MOST_WAKE_UPS) {
      wakeUps.incrementAndGet();
      try {
        pool.execute(wakeUp); // Never put aside, because it may already be queued.
      } catch (Throwable thrown) { // Closed, or short of memory: the watchdog tries again.
        wakeUps.decrementAndGet();
      }
    }
  }

  /* ------ The rest ------ */

  @Override
  public long progress() {
    synchronized (retirement) { // So that no loop is counted twice, or not at all.
      long sum = retiredEvents;
      for (WorkerLoop loop : loops) {
        sum += loop.events();
      }
      return sum;
    }
  }

  @Override
  public List<Running> running() {
    return watchdog.running();
  }

  @Override
  public SchedulerCounts counts() {
    long handOffs;
    int busy = 0;
    synchronized (retirement) {
      handOffs = retiredHandOffs;
      for (WorkerLoop loop : loops) {
        handOffs += loop.handOffs();
        busy += loop.running() == null ? 0 : 1;
      }
    }
    return new SchedulerCounts(
        handOffs,
        takeOvers.sum(),
        watchdog.stuck(),
        busy,
        blocking.underWay(),
        blocking.progress());
  }

  /** Counts a take-over: a polling worker did not return, and another one takes over. */
  void tookOver(Thread from) {
    takeOvers.increment();
    if (Flight.isOn()) {
      Flight.sink().tookOver(from);
    }
  }

  /** Reports that no thread has polled for a time. */
  void lagged(long nanos) {
    listener.lagged(nanos);
  }

  @Override
  public Executor blocking() {
    return blocking;
  }

  @Override
  public Executor internalBlocking() {
    return internalBlocking;
  }

  @Override
  public int workers() {
    return workers;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    blocking.close();
    internalBlocking.close();
    beginEpoch();
    substitution.giveBack();
    pool.shutdown(); // Makes the workers drop the queued tasks.
    pollers.shutdown();
    if (!ends(pool) | !ends(pollers)) {
      pool.shutdownNow();
      pollers.shutdownNow();
      ends(pool);
      ends(pollers);
    }
    ends(blocking.service());
    ends(internalBlocking.service());
    watchdog.close();
    resubmitDoubtful();
  }

  private static boolean ends(ExecutorService service) {
    try {
      return service.awaitTermination(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
