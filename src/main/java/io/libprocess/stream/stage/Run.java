package io.libprocess.stream.stage;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.ContextSlot;
import io.libprocess.time.Clock;

/**
 * One flow of elements from sources to a sink, and its result: the sink determines it, and it is
 * delivered when every stage that has something to close has done so. All methods may be called
 * from any thread.
 *
 * <p>The first failure is the result, whatever came before; later ones become its suppressed
 * exceptions. A count tells how many stages are not closed, including one for the sink. The lock
 * guards the outcome; nothing is called under it.
 *
 * @param <R> the type of the result
 */
public final class Run<R> {

  private enum Outcome {
    NONE,
    VALUE,
    DISCARDED,
    FAILED
  }

  private final Promise<R> promise = new Promise<>();
  private final Clock clock = Clock.current();
  private Object context = ContextSlot.get(); // Changed before it flows, if at all.

  // Guarded by the monitor of this.
  private int open = 1;
  private Outcome outcome = Outcome.NONE;
  private R value;
  private Throwable failure;

  /** Makes a run with the clock of the calling thread. */
  public Run() {}

  /** The result. */
  public Future<R> future() {
    return promise.future();
  }

  /** The clock of the thread that has started the run, for timers. */
  public Clock clock() {
    return clock;
  }

  /**
   * The context in which it was started, for {@link ContextSlot#enter}: its functions run there.
   */
  Object context() {
    return context;
  }

  /** Has its functions run in another context than that in which it is being started. */
  public void enter(Object other) {
    context = other;
  }

  /** Says that a stage has something to close. */
  public void hold() {
    synchronized (this) {
      open++;
    }
  }

  /** Notes that the resource of a {@link #hold} is closed; ends the run if it was the last. */
  public void release() {
    synchronized (this) {
      if (--open != 0) {
        return;
      }
    }
    switch (outcome) { // It is no longer written.
      case VALUE -> promise.set(value);
      case DISCARDED -> promise.discard();
      case FAILED -> promise.fail(failure);
      case NONE -> promise.abandon();
    }
  }

  /** Notes a failure while a stage was being closed. */
  public void note(Throwable thrown) {
    requireNonNull(thrown, "thrown");
    Throwable first;
    synchronized (this) {
      if (outcome != Outcome.FAILED) {
        outcome = Outcome.FAILED;
        failure = thrown;
        return;
      }
      first = failure;
    }
    suppress(first, thrown);
  }

  /** Keeps a failure that came after another one. */
  public static void suppress(Throwable first, Throwable second) {
    if (first != second) {
      first.addSuppressed(second);
    }
  }

  /** Notes the sink's result. Called at most once, like the two below, by the sink. */
  public void succeed(R result) {
    synchronized (this) {
      if (outcome == Outcome.NONE) {
        outcome = Outcome.VALUE;
        value = result;
      }
    }
    release();
  }

  /** Notes that the sink has failed, or has received a failure. */
  public void fail(Throwable thrown) {
    note(thrown);
    release();
  }

  /** Notes that the sink was discarded. */
  public void discard() {
    synchronized (this) {
      if (outcome == Outcome.NONE) {
        outcome = Outcome.DISCARDED;
      }
    }
    release();
  }

  /** Fails the run, which could not be started, without waiting. */
  void abort(Throwable thrown) {
    promise.fail(thrown);
  }
}
