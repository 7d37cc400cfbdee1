package io.libprocess.subprocess;

import io.libprocess.internal.Log;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs short tasks on a few threads of an executor, in the order in which they come. */
final class LimitedExecutor implements Executor {

  private static final long RETRY_NANOS = 10_000_000;

  private final Executor threads;
  private final int most;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unfinished = new AtomicInteger();

  /** An executor that uses at most {@code most} threads at a time. */
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

  /** Starts to work on another thread; if there can be none now, again and again. */
  private void start() {
    try {
      threads.execute(this::work);
    } catch (Throwable noThread) { // The task counts as one that is worked on.
      PollBackoff.in(RETRY_NANOS, this::start);
    }
  }

  /** Leaves when there are at least as many others as there are tasks. */
  private void work() {
    do {
      Runnable task = tasks.remove(); // There is one for each who works, and those that wait.
      try {
        task.run();
      } catch (Throwable thrown) {
        Log.error("A task of the subprocesses threw", thrown);
      }
    } while (unfinished.getAndDecrement() > most);
  }
}
