package io.libprocess.subprocess;

import io.libprocess.internal.Log;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A task for the executor of a command that must not be lost with the executor: the status of a
 * child, its output, its end of file. An executor may refuse a task, or accept it and be shut down,
 * without notice, before running it. In both cases an alternative runs in place of the task, on a
 * thread of this package.
 *
 * <p>An {@link ExecutorService} can tell that it has terminated, so it is asked now and then until
 * the task has begun. With other executors only a refusal is noticed.
 */
final class EnsuredTask implements Runnable {

  private static final long FIRST_LOOK_NANOS = 50_000_000;
  private static final long LONGEST_NANOS = 1_000_000_000;

  private final Runnable task;
  private final Runnable otherwise;
  private final AtomicBoolean taken = new AtomicBoolean();

  private EnsuredTask(Runnable task, Runnable otherwise) {
    this.task = task;
    this.otherwise = otherwise;
  }

  /**
   * Runs a task on an executor.
   *
   * @param otherwise runs on another thread if the executor does not run the task
   */
  static void to(Executor executor, Runnable task, Runnable otherwise) {
    EnsuredTask ensured = new EnsuredTask(task, otherwise);
    try {
      executor.execute(ensured);
    } catch (RejectedExecutionException e) {
      ensured.runElsewhere();
      return;
    }
    if (executor instanceof ExecutorService service && !ensured.taken.get()) {
      ensured.lookLater(service, FIRST_LOOK_NANOS);
    }
  }

  @Override
  public void run() {
    if (!taken.getAndSet(true)) {
      task.run();
    }
  }

  private void lookLater(ExecutorService service, long nanos) {
    PollBackoff.in(nanos, () -> look(service, nanos));
  }

  private void look(ExecutorService service, long nanos) {
    if (taken.get()) {
      return;
    }
    if (service.isTerminated()) {
      runElsewhere();
    } else {
      lookLater(service, Math.min(2 * nanos, LONGEST_NANOS));
    }
  }

  private void runElsewhere() {
    if (!taken.getAndSet(true)) {
      BlockingThreads.few()
          .execute(
              () -> {
                try {
                  otherwise.run();
                } catch (Throwable thrown) {
                  Log.error(
                      "The end of a subprocess whose executor is closed could not be handled",
                      thrown);
                }
              });
    }
  }
}
