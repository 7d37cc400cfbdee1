package io.libprocess.internal.scheduler;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A pool of workers whose waiting tasks can be taken out of it. All its tasks are {@link Task}s.
 */
final class TaskPool extends ForkJoinPool {

  private static final int IDLE_SECONDS = 60;

  /**
   * Makes a pool without threads.
   *
   * @param most how many threads there may be if some block
   */
  TaskPool(int parallelism, int most, ForkJoinWorkerThreadFactory threads) {
    super(
        parallelism,
        threads,
        null,
        true, // What became ready first runs first.
        parallelism,
        most,
        1,
        saturated -> true,
        IDLE_SECONDS,
        TimeUnit.SECONDS);
  }

  /** Takes out all tasks that wait. */
  void drainTo(Consumer<Task> taker) {
    drainTasksTo(
        new AbstractCollection<ForkJoinTask<?>>() {
          @Override
          public boolean add(ForkJoinTask<?> task) {
            taker.accept((Task) task);
            return true;
          }

          @Override
          public Iterator<ForkJoinTask<?>> iterator() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int size() {
            throw new UnsupportedOperationException();
          }
        });
  }
}
