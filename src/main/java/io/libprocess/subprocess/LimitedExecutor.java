package io.libprocess.subprocess;

import io.libprocess.internal.Log;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An executor that runs short tasks on a few threads of another one, in the order in which they
 * come.
 */
final class LimitedExecutor implements Executor {

  private static final long RETRY_NANOS = 10_000_000;

  private final Executor threads;
  private final int most;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unfinished = new AtomicInteger();

  /** Makes an executor that uses at most {@code most} threads at a time. */
  LimitedExecutor(Executor threads, int most) {
    this.threads = threads;
    this.most = most;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (unfinished.getAndIncrement() < most) {
      start();
    }
  }

  /** Starts to work on another thread; if none can be had now, retries until one can. */
  private void start() {
    try {
      threads.execute(this::work);
    } catch (Throwable noThread) { // The task counts as being worked on.
      PollBackoff.in(RETRY_NANOS, this::start);
    }
  }

  /** Runs tasks, and returns when there are at least as many other workers as tasks. */
  private void work() {
    do {
      Runnable task = tasks.remove(); // There is a task for each worker, and for the waiting ones.
      try {
        task.run();
      } catch (Throwable thrown) {
        Log.error("A task of the subprocesses threw", thrown);
      }
    } while (unfinished.getAndDecrement() > most);
  }
}
