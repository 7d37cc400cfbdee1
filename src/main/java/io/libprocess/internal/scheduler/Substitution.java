package io.libprocess.internal.scheduler;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs what waits while no worker returns from its event, on threads of the pool for polling. If
 * such a thread does not return either, the watchdog has another one go on. So there is one more
 * thread for each event that blocks, and the tasks behind are run.
 */
final class Substitution {

  /** How long a substitute may take to begin. */
  private static final long PATIENCE_NANOS = 100_000_000;

  private final ForkJoinScheduler scheduler;
  private final TaskPool workers;
  private final TaskPool substitutes;
  private final Queue<Task> stranded = new ConcurrentLinkedQueue<>();

  private Substitute last; // Null if there was none. For the watchdog.

  /**
   * Makes a substitution that has nothing to do.
   *
   * @param workers the pool whose tasks may wait
   * @param substitutes the pool that has threads for them
   */
  Substitution(ForkJoinScheduler scheduler, TaskPool workers, TaskPool substitutes) {
    this.scheduler = scheduler;
    this.workers = workers;
    this.substitutes = substitutes;
  }

  /** Whether no task waits here. */
  boolean isEmpty() {
    return stranded.isEmpty();
  }

  /**
   * Has other threads run the tasks that wait, if no worker returns from its event; if one does,
   * gives the tasks back to the workers. Called by the watchdog now and then while tasks wait.
   */
  void check(long now) {
    if (!areWorkersStuck(now)) {
      giveBack();
      return;
    }
    workers.drainTo(this::strand);
    if (!stranded.isEmpty() && (last == null || !last.isOfUse(now))) {
      Substitute next = new Substitute(now);
      substitutes.execute(next);
      last = next;
    }
    if (scheduler.isClosed()) {
      giveBack(); // The closing thread may not have seen them.
    }
  }

  private boolean areWorkersStuck(long now) {
    int stuck = 0;
    for (WorkerLoop loop : scheduler.loops()) {
      if (loop.running() != null && isOfWorkers(loop)) {
        if (!loop.isStuck(now)) {
          return false;
        }
        stuck++;
      }
    }
    return stuck >= scheduler.workers();
  }

  private boolean isOfWorkers(WorkerLoop loop) {
    return loop.thread instanceof Worker worker && worker.getPool() == workers;
  }

  private void strand(Task task) {
    try {
      stranded.add(task);
    } catch (Throwable thrown) { // Memory is short.
      scheduler.doubt(task);
    }
  }

  /** Gives the tasks that wait here back to the scheduler. */
  void giveBack() {
    for (Task task = stranded.poll(); task != null; task = stranded.poll()) {
      scheduler.submit(task);
    }
  }

  /** Runs the tasks that wait, on one thread, until there is none. */
  private final class Substitute extends Task {

    private static final long serialVersionUID = 1L;

    private final long made;
    private transient volatile WorkerLoop loop; // Null before it runs.
    private transient volatile boolean over;

    Substitute(long now) {
      made = now;
    }

    /**
     * Whether it runs tasks or is about to, and is not stuck itself. A thread that was meant to run
     * it may have died for lack of memory.
     */
    boolean isOfUse(long now) {
      WorkerLoop used = loop;
      return !over && (used == null ? now - made < PATIENCE_NANOS : !used.isStuck(now));
    }

    @Override
    boolean usesLoop() {
      return true;
    }

    @Override
    protected void run(RunLoop current) {
      WorkerLoop mine = (WorkerLoop) current;
      loop = mine;
      mine.beginQueueing(null); // Tasks that are made ready here are run here.
      try {
        for (Task task = stranded.poll(); task != null; task = stranded.poll()) {
          mine.runWithQueue(task);
        }
      } finally {
        over = true;
        mine.endQueueing();
      }
    }
  }
}
