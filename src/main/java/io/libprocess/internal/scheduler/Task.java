package io.libprocess.internal.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ForkJoinTask;

/**
 * A task that a {@link Scheduler} can run any number of times. It is scheduled by at most one owner
 * at a time: only its owner may make it ready, and running it passes the ownership to the running
 * thread.
 *
 * <p>It is a {@link ForkJoinTask} that never completes, so the same object is forked again and
 * again, and scheduling allocates nothing.
 */
public abstract class Task extends ForkJoinTask<Void> {

  private static final long serialVersionUID = 1L;
  private static final VarHandle DUE;

  static {
    try {
      DUE = MethodHandles.lookup().findVarHandle(Task.class, "due", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  transient Task link; // The next in a TaskList.
  // The next in the scheduler's list of doubtful tasks; the last one's is itself.
  transient Task doubt;
  transient boolean due; // It was made ready and has not begun to run.

  /** For subclasses. */
  protected Task() {}

  /**
   * Does one bounded batch of work on a runtime thread. A task with work left over makes itself
   * ready again through {@link Scheduler#yield(Task)} before it returns.
   *
   * @param loop the run loop of the running thread
   */
  protected abstract void run(RunLoop loop);

  /**
   * Called instead of {@link #run} when the scheduler is closed, by the owner. Does nothing unless
   * overridden.
   */
  protected void dropped() {}

  /** Whether it runs other tasks itself, with the loop of its thread. */
  boolean usesLoop() {
    return false;
  }

  /** Whether it runs as often as it is queued, and not as often as it was made ready. */
  boolean mayRunTwice() {
    return false;
  }

  /** Makes the calling thread the one that runs this task; false if the task has already run. */
  final boolean begin(boolean mayBeQueuedTwice) {
    if (mayBeQueuedTwice && !mayRunTwice()) {
      return DUE.compareAndSet(this, true, false);
    }
    due = false;
    return true;
  }

  @Override
  public final Void getRawResult() {
    return null;
  }

  @Override
  protected final void setRawResult(Void value) {}

  @Override
  protected final boolean exec() {
    if (RunLoop.current() instanceof WorkerLoop loop) {
      try {
        if (usesLoop()) {
          loop.lead(this);
        } else {
          loop.drive(this);
        }
      } catch (Throwable lost) {
        // Without memory not even a call of the log succeeds. The pool must not see the exception,
        // because a task that threw is complete and never runs again.
      }
      return false; // Not complete: the same task will be forked again.
    }
    throw new IllegalStateException("not a worker: " + Thread.currentThread().getName());
  }
}
