package io.libprocess.stream.operator;

import io.libprocess.internal.Droppable;
import io.libprocess.internal.ExecutorEnds;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A buffer whose loop runs on an executor, such as a process. Each round is a separate task and
 * sends a limited number of elements, so that other tasks of the process get their turn. If the
 * executor refuses or drops the task, the stage fails, on the thread that learns of it.
 */
public final class ExecutorStage<T> extends BufferStage<T> {

  private static final int LEAST_BATCH = 64;

  private final Executor executor;
  private final Droppable task =
      new Droppable() {
        @Override
        public void run() {
          inside = entering == Thread.currentThread();
          loop();
        }

        @Override
        public void dropped() {
          refused(null);
        }
      };
  private final int batch;
  private volatile Thread entering; // The thread that hands over the task; null if none does.

  // Used by the loop and by the thread that enters it.
  private boolean refused;
  private boolean inside; // The executor runs tasks inside the call.

  private volatile Runnable unwatch; // Null before the beginning.

  /** Makes a buffer of a size. */
  public ExecutorStage(
      Run<?> run, Downstream<? super T> down, BufferSize<? super T> size, Executor executor) {
    super(run, down, size, false);
    this.executor = executor;
    batch = Math.max(LEAST_BATCH, size.elements());
  }

  @Override
  protected void begun() {
    unwatch = ExecutorEnds.watch(executor, () -> abort(ended(null)));
    if (isOver()) {
      unwatch.run();
    }
  }

  @Override
  protected void dispose() {
    super.dispose();
    Runnable undo = unwatch;
    if (undo != null) {
      undo.run();
    }
  }

  private RejectedExecutionException ended(Throwable why) {
    return new RejectedExecutionException("the stream's executor has ended: " + executor, why);
  }

  @Override
  protected int batch() {
    return batch;
  }

  @Override
  protected boolean goesOn() {
    return refused || inside; // Otherwise each round would be inside the one before.
  }

  @Override
  protected void enter() {
    if (refused) {
      loop();
      return;
    }
    Thread me = Thread.currentThread();
    entering = me;
    try {
      executor.execute(task);
    } catch (Throwable thrown) {
      refused(thrown);
    }
    if (entering == me) {
      entering = null; // Otherwise the loop has ended, and another thread enters it.
    }
  }

  /** Runs the loop on this thread, because the executor will not run it. */
  private void refused(Throwable why) {
    refused = true;
    abort(ended(why));
    loop();
  }
}
