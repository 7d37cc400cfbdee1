package io.libprocess.internal;

import java.util.concurrent.ForkJoinTask;

/**
 * Something a {@link Scheduler} runs in turns. A task is scheduled by at most one party at a time:
 * whoever makes it ready must own it, and running it passes the ownership to the running thread.
 *
 * <p>It is a {@link ForkJoinTask} that never completes, so the same object is forked over and over
 * and scheduling allocates nothing.
 */
public abstract class Task extends ForkJoinTask<Void> {

  private static final long serialVersionUID = 1L;

  /** For subclasses. */
  protected Task() {}

  /**
   * Does one bounded batch of work on the turn's thread. A task with work left over makes itself
   * ready again through {@link Scheduler#yield(Task)} before it returns.
   *
   * @param turn the turn of the running thread
   */
  protected abstract void run(RunLoop turn);

  /**
   * Called instead of {@link #run} when the scheduler is closed, by the owner. Does nothing unless
   * overridden.
   */
  protected void dropped() {}

  @Override
  public final Void getRawResult() {
    return null;
  }

  @Override
  protected final void setRawResult(Void value) {}

  @Override
  protected final boolean exec() {
    RunLoop turn = RunLoop.current();
    if (turn == null) {
      throw new IllegalStateException("not a runtime thread: " + Thread.currentThread().getName());
    }
    turn.drive(this);
    return false; // Not complete: the same task is forked again later.
  }
}
