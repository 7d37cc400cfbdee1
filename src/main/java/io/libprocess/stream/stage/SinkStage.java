package io.libprocess.stream.stage;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The stage at the end of a pipeline. It is open until the first of these events: the end or a
 * failure comes from above, it {@linkplain #stop fails} or {@linkplain #finish has enough}, or the
 * result is discarded. Elements that still come after that are dropped.
 *
 * <pre>{@code
 * OPEN --complete--> ENDING --succeed, stop--> ENDED      ENDING: the end action runs; a discard
 *   +--fail, stop, finish, discard--------------^                 comes too late
 * }</pre>
 *
 * @param <T> the type of the elements
 * @param <R> the type of the result
 */
public abstract class SinkStage<T, R> extends Downstream<T> {

  private static final int OPEN = 0;
  private static final int ENDING = 1;
  private static final int ENDED = 2;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(SinkStage.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Run<R> run;
  private volatile int state;
  private volatile Upstream up; // Null before the beginning.

  /** Makes a sink that provides a run's result. */
  protected SinkStage(Run<R> run) {
    this.run = requireNonNull(run, "run");
    run.future().onDiscard(this::discard);
  }

  /* ------ For subclasses ------ */

  /** Makes the first request. */
  protected void started() {
    request(Upstream.UNBOUNDED);
  }

  /** Handles the end of the elements: calls {@link #succeed} or {@link #stop}, now or later. */
  protected abstract void ending();

  /**
   * Releases what the sink holds, because it was discarded or has failed with {@code cause}. Called
   * once, by any thread, and not after {@link #succeed} or {@link #finish}.
   *
   * @param cause null if it was discarded
   */
  protected void dropped(Throwable cause) {}

  /** The run, for resources that are closed after this has ended. */
  protected final Run<R> run() {
    return run;
  }

  /** Whether elements are wanted. */
  protected final boolean isOpen() {
    return state == OPEN;
  }

  /** Whether it has ended, and the elements it holds are no longer wanted. */
  protected final boolean isOver() {
    return state == ENDED;
  }

  /** Requests more elements. */
  protected final void request(long count) {
    up.request(count);
  }

  /** Ends successfully, inside or after {@link #ending}. */
  protected final void succeed(R result) {
    if (STATE.compareAndSet(this, ENDING, ENDED)) {
      run.succeed(result);
    }
  }

  /** Ends successfully before the end of the stream; false if it was no longer open. */
  protected final boolean finish(R result) {
    if (!STATE.compareAndSet(this, OPEN, ENDED)) {
      return false;
    }
    try {
      up.cancel(null);
    } finally {
      run.succeed(result);
    }
    return true;
  }

  /** Ends because this has failed. May be called from any thread. */
  protected final void stop(Throwable failure) {
    int was = (int) STATE.getAndSet(this, ENDED);
    if (was == ENDED) {
      return;
    }
    if (was == OPEN) {
      leave(failure, failure);
    } else {
      end(failure, failure);
    }
  }

  private void discard() {
    if (STATE.compareAndSet(this, OPEN, ENDED)) {
      leave(null, null);
    }
  }

  private void leave(Throwable cause, Throwable failure) {
    try {
      Upstream above = up;
      if (above != null) {
        above.cancel(cause);
      }
    } finally {
      end(cause, failure);
    }
  }

  private void end(Throwable cause, Throwable failure) {
    try {
      dropped(cause);
    } catch (Throwable thrown) {
      run.note(thrown);
    } finally {
      if (failure == null) {
        run.discard();
      } else {
        run.fail(failure);
      }
    }
  }

  /* ------ Signals ------ */

  @Override
  public final void begin(Upstream upstream) {
    if (up != null) {
      upstream.cancel(new IllegalStateException("a sink takes one stream"));
      return;
    }
    up = upstream;
    if (isOpen()) {
      started();
    } else {
      upstream.cancel(null); // Discarded before it began.
    }
  }

  @Override
  public final void complete() {
    if (STATE.compareAndSet(this, OPEN, ENDING)) {
      try {
        ending();
      } catch (Throwable thrown) {
        stop(thrown);
      }
    }
  }

  @Override
  public final void fail(Throwable failure) {
    if (STATE.compareAndSet(this, OPEN, ENDED)) {
      end(failure, failure);
    }
  }
}
