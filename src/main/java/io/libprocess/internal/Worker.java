package io.libprocess.internal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** A thread of the pool that runs tasks. */
final class Worker extends ForkJoinWorkerThread {

  final WorkerLoop loop;

  private final ForkJoinScheduler scheduler;

  Worker(ForkJoinPool pool, ForkJoinScheduler scheduler, String name) {
    super(pool);
    this.scheduler = scheduler;
    this.loop = scheduler.newLoop();
    setName(name);
    setDaemon(true);
    setContextClassLoader(Worker.class.getClassLoader()); // Not that of whoever needed a thread.
  }

  @Override
  protected void onStart() {
    loop.thread = this;
    scheduler.bindContext();
  }

  @Override
  protected void onTermination(Throwable failure) {
    scheduler.retire(loop);
  }
}
