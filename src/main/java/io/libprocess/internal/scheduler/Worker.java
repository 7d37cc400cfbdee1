package io.libprocess.internal.scheduler;

import io.libprocess.internal.NonBlocking;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** A thread of the pool that runs tasks. */
final class Worker extends ForkJoinWorkerThread implements NonBlocking {

  final WorkerLoop loop;

  private final ForkJoinScheduler scheduler;

  private Worker(ForkJoinPool pool, ForkJoinScheduler scheduler, String name) {
    super(pool);
    this.scheduler = scheduler;
    this.loop = scheduler.newLoop();
    setName(name);
    setDaemon(true);
    // Not that of the thread that needed a worker.
    setContextClassLoader(Worker.class.getClassLoader());
  }

  /**
   * Makes a worker that keeps nothing of the calling thread. The pool makes workers on the threads
   * that hand it tasks, and a subclass of {@link ForkJoinWorkerThread} inherits the inheritable
   * thread-locals of the thread that makes it: so it is made on a thread without any.
   */
  static Worker make(ForkJoinPool pool, ForkJoinScheduler scheduler, String name) {
    Maker maker = new Maker(pool, scheduler, name);
    maker.start();
    boolean interrupted = false;
    while (maker.isAlive()) {
      try {
        maker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return maker.worker();
  }

  /** A thread that makes one worker and ends. */
  private static final class Maker extends Thread {
    private final ForkJoinPool pool;
    private final ForkJoinScheduler scheduler;
    private final String workerName;
    private Worker made; // Read when this thread has ended, like the failure.
    private Throwable failure;

    Maker(ForkJoinPool pool, ForkJoinScheduler scheduler, String name) {
      super(null, null, name + "-maker", 0, false); // Inherits nothing.
      this.pool = pool;
      this.scheduler = scheduler;
      workerName = name;
      setDaemon(true);
      setContextClassLoader(Worker.class.getClassLoader());
    }

    @Override
    public void run() {
      try {
        made = new Worker(pool, scheduler, workerName);
      } catch (Throwable thrown) { // Memory is short.
        failure = thrown;
      }
    }

    Worker worker() {
      if (made == null) {
        throw new IllegalStateException("a worker could not be made", failure);
      }
      return made;
    }
  }

  /** While it polls, no other thread can take its place. */
  @Override
  public boolean mustNotBlock() {
    return loop.insidePoll;
  }

  @Override
  protected void onStart() {
    loop.thread = this;
    ThreadContext.bindClock(loop.clock()); // Its scheduler is known by its loop.
  }

  @Override
  protected void onTermination(Throwable failure) {
    scheduler.retire(loop);
  }
}
