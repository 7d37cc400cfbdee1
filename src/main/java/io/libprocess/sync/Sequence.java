package io.libprocess.sync;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Contextual;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Log;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.WaitQueue;

/**
 * Runs asynchronous functions one after another: each starts when the future that the one before it
 * returned has ended, in any way. They start in the order in which they were added.
 *
 * <p><b>Threads.</b> Functions may be added from any thread. A function runs inside {@link #add} if
 * no other is before it, otherwise on the thread that completed the future before it, and always in
 * the context in which it was added; to run it in a process, add the process's deferred form of it.
 * (libprocess runs it in the sequence's own process.)
 *
 * <p>A function whose future never ends holds up all functions behind it.
 */
public final class Sequence implements AutoCloseable {

  /*
   * The lock guards all fields. The thread that sets `busy` starts functions, without the lock,
   * until the queue is empty or one of them leaves a pending future, to which it hands on the job.
   * `running` is that future, where close finds it; the thread that publishes it looks at `closed`
   * under the same lock, so a discard request reaches it from one of the two sides. The thread that
   * has the job hands it on or gives it back, whatever is thrown meanwhile.
   */

  private static final class Step<T> extends WaitQueue.Entry {
    final Promise<T> promise = new Promise<>();
    private final CheckedSupplier<Future<T>> function;

    Step(CheckedSupplier<Future<T>> function) {
      this.function = function;
    }

    /** Runs the step or skips it, and returns the future to wait for before the next one. */
    Future<?> run(boolean skip) {
      if (skip || promise.future().hasDiscard()) {
        promise.discard();
        return promise.future();
      }
      Future<T> started;
      try {
        started = requireNonNull(function.get(), "the function returned null instead of a future");
      } catch (Throwable thrown) {
        promise.fail(thrown);
        return promise.future();
      }
      promise.associate(started);
      return started;
    }
  }

  private final Object lock = new Object();
  private final WaitQueue<Step<?>> steps = new WaitQueue<>();
  private Future<?> running;
  private boolean busy;
  private boolean closed;

  /** Makes a sequence that runs nothing. */
  public Sequence() {}

  /**
   * Adds a function. The result has the outcome of the future that it returns, and fails if it
   * throws. Discarding the result before the function has started makes the sequence skip it: the
   * result is discarded when its turn comes. A later request goes to the future that the function
   * returned, and the next function waits until that future has really ended.
   *
   * @return a discarded future if the sequence is closed
   */
  public <T> Future<T> add(CheckedSupplier<Future<T>> function) {
    Step<T> step = new Step<>(Contextual.supplier(requireNonNull(function, "function")));
    StackReserve.checkForOperation();
    synchronized (lock) {
      if (closed) {
        return Future.discarded();
      }
      steps.add(step);
      if (busy) {
        return step.promise.future();
      }
      busy = true;
    }
    takeTurn();
    return step.promise.future();
  }

  private void takeTurn() {
    for (; ; ) {
      Step<?> step;
      boolean skip;
      synchronized (lock) {
        running = null;
        step = steps.poll();
        if (step == null) {
          busy = false;
          return;
        }
        skip = closed;
      }
      if (runsOn(step, skip)) {
        return;
      }
    }
  }

  /**
   * Starts a function, and tells whether its future is pending: the sequence then goes on when that
   * future ends. If there is no memory to wait for it, the future counts as ended, because
   * otherwise nothing behind it would ever start.
   */
  private boolean runsOn(Step<?> step, boolean skip) {
    try {
      Future<?> started = step.run(skip);
      if (!started.isPending()) {
        return false;
      }
      boolean discard;
      synchronized (lock) {
        running = started;
        discard = closed;
      }
      if (discard) {
        started.discard();
      }
      started.onAny(ended -> takeTurn());
      return true;
    } catch (Throwable thrown) {
      step.promise.fail(thrown);
      Log.error("A sequence goes on without waiting for a function", thrown);
      return false;
    }
  }

  /**
   * Requests a discard of the running function's future and skips all functions that have not
   * started: their futures are discarded as their turns come. Does not wait for that. Idempotent.
   * (libprocess does this when a sequence is destroyed.)
   */
  @Override
  public void close() {
    Future<?> asked;
    synchronized (lock) {
      closed = true;
      asked = running;
    }
    if (asked != null) {
      asked.discard();
    }
  }
}
