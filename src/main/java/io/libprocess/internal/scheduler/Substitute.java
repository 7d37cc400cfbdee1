package io.libprocess.internal.scheduler;

/**
 * Runs tasks in place of the workers while none of them returns from its event, on a thread of the
 * pool for polling. If this thread does not return either, the watchdog has another one do the
 * same. So there is one more thread for each event that blocks, and the tasks behind go on.
 */
final class Substitute extends Task {

  private static final long serialVersionUID = 1L;

  private final transient ForkJoinScheduler scheduler;
  private transient volatile WorkerLoop loop; // Null before it runs, and when it has ended.
  private transient volatile boolean over;

  Substitute(ForkJoinScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Whether it runs tasks or is about to, and the one that it runs is not stuck. */
  boolean isOfUse(long now) {
    WorkerLoop used = loop;
    return !over && (used == null || !used.isStuck(now));
  }

  @Override
  boolean usesLoop() {
    return true;
  }

  @Override
  protected void run(RunLoop current) {
    WorkerLoop mine = (WorkerLoop) current;
    loop = mine;
    mine.beginPolling(null); // Tasks that are made ready here are run here.
    try {
      for (Task task = scheduler.pollStranded(); task != null; task = scheduler.pollStranded()) {
        mine.runWithQueue(task);
      }
    } finally {
      over = true;
      mine.endPolling();
    }
  }
}
