package io.libprocess.net.nio;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.net.Transport;
import java.util.concurrent.Executor;

/** The threads of a scheduler in the form that channels show. */
public final class SchedulerThreads implements Transport.Threads {

  private final Scheduler scheduler;

  /** Wraps a scheduler. */
  public SchedulerThreads(Scheduler scheduler) {
    this.scheduler = requireNonNull(scheduler, "scheduler");
  }

  @Override
  public void run(Runnable callback) {
    scheduler.ready(new OneTask(callback));
  }

  @Override
  public void atEnd(Runnable flush) {
    scheduler.atEnd(flush);
  }

  @Override
  public Executor blocking() {
    return scheduler.internalBlocking();
  }
}
