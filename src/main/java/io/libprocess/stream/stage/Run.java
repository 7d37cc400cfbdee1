package io.libprocess.stream.stage;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.time.Clock;

/**
 * One flow of elements from sources to a sink, and its result: the sink says what it is, and it is
 * told when every stage that has something to close has done so. All methods may be called from any
 * thread.
 *
 * <p>The first failure is the result, whatever came before; those that follow are suppressed
 * exceptions of it. A count tells how many stages are not closed, with one for the sink. The lock
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

  // Guarded by this.
  private int open = 1;
  private Outcome outcome = Outcome.NONE;
  private R value;
  private Throwable failure;

  /** Makes a run by the clock of the calling thread. */
  public Run() {}

  /** The result. */
  public Future<R> future() {
    return promise.future();
  }

  /** The clock of the thread that has started it, for what takes time. */
  public Clock clock() {
    return clock;
  }

  /** Says that a stage has something to close. */
  public void hold() {
    synchronized (this) {
      open++;
    }
  }

  /** Says that what {@link #hold} was called for is closed; ends the run if it was the last. */
  public void release() {
    synchronized (this) {
      if (--open != 0) {
        return;
      }
    }
    switch (outcome) { // Nobody writes it any more.
      case VALUE -> promise.set(value);
      case DISCARDED -> promise.discard();
      case FAILED -> promise.fail(failure);
      case NONE -> promise.abandon();
    }
  }

  /** Something went wrong while a stage was being closed. */
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

  /** The sink has its result. Called once at most, as are the two below, by the sink. */
  public void succeed(R result) {
    synchronized (this) {
      if (outcome == Outcome.NONE) {
        outcome = Outcome.VALUE;
        value = result;
      }
    }
    release();
  }

  /** The sink has failed, or was told of a failure. */
  public void fail(Throwable thrown) {
    note(thrown);
    release();
  }

  /** The sink was discarded. */
  public void discard() {
    synchronized (this) {
      if (outcome == Outcome.NONE) {
        outcome = Outcome.DISCARDED;
      }
    }
    release();
  }

  /** The run could not be started: it fails without waiting for anybody. */
  void abort(Throwable thrown) {
    promise.fail(thrown);
  }
}
