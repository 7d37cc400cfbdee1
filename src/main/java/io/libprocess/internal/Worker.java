package io.libprocess.internal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** A thread of the pool that runs tasks. */
final class Worker extends ForkJoinWorkerThread {

  final RunLoop turn;

  private final ForkJoinScheduler scheduler;

  Worker(ForkJoinPool pool, ForkJoinScheduler scheduler, String name) {
    super(pool);
    this.scheduler = scheduler;
    this.turn = scheduler.newWorkerTurn();
    setName(name);
    setDaemon(true);
  }

  @Override
  protected void onStart() {
    turn.thread = this;
    scheduler.bindContext();
  }

  @Override
  protected void onTermination(Throwable failure) {
    scheduler.retire(turn);
  }
}
