package io.libprocess.world;

import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.internal.scheduler.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Passes ready tasks to a runner, which runs them one at a time by {@link RunLoop#step}. */
public final class StepScheduler implements Scheduler {

  /** Runs tasks until a future is complete; says whether it is. */
  @FunctionalInterface
  public interface Waiting {
    boolean await(CompletableFuture<?> done, long nanos);
  }

  private final RunLoop loop;
  private final Consumer<Task> queue;
  private final Executor blocking;
  private final Waiting waiting;
  private boolean closed;

  /**
   * A scheduler of one node.
   *
   * @param clock that of the node
   * @param queue gets the tasks that are ready
   * @param blocking runs blocking calls
   */
  public StepScheduler(Object clock, Consumer<Task> queue, Executor blocking, Waiting waiting) {
    this.loop = new RunLoop(this, clock);
    this.queue = queue;
    this.blocking = blocking;
    this.waiting = waiting;
  }

  /** The run loop in which its tasks are to be run. */
  RunLoop loop() {
    return loop;
  }

  @Override
  public void ready(Task task) {
    queue.accept(task);
  }

  @Override
  public void yield(Task task) {
    queue.accept(task);
  }

  @Override
  public Executor blocking() {
    return blocking;
  }

  @Override
  public Executor internalBlocking() {
    return blocking;
  }

  @Override
  public boolean await(CompletableFuture<?> done, long nanos) {
    return waiting.await(done, nanos);
  }

  @Override
  public int workers() {
    return 1;
  }

  @Override
  public long progress() {
    return 0; // Nobody settles a clock that is driven.
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
