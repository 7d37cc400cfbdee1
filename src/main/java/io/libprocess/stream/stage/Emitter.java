package io.libprocess.stream.stage;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Log;
import io.libprocess.internal.StackReserve;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The signalling side of a stage for which several threads may want to signal the downstream: of
 * every source, and of every stage that holds elements back or gets them from several sides. A
 * stage that only passes on signals is a {@link FusedStage}.
 *
 * <h2>Protocol</h2>
 *
 * <p><b>One loop signals.</b> All signals to the downstream are sent by {@link #step} and {@link
 * #dispose} is called there, inside a loop that one thread at a time runs. A thread that has
 * changed something that concerns the loop, such as the demand or the store, {@linkplain #ask asks}
 * for it afterwards: it runs the loop or, if a thread is inside, leaves it to that thread, which
 * then does one more round. So signals are serial, nothing is signalled under a lock, and a request
 * inside {@code next} is served when that has returned. ({@code state} is the usual work counter of
 * such loops, reduced to "none, some, more"; so it cannot overflow.)
 *
 * <pre>{@code
 *        ask                ask
 * IDLE --------> RUNNING -------> AGAIN
 *  ^   <--------    ^   <-------    |
 *        round      +---------------+
 *        is over        next round
 * }</pre>
 *
 * <p>{@code state} is changed only by read-modify-write. Actions of a thread before it asks
 * happen-before the round that serves it, and each round happens-before the next one; so state that
 * only the loop uses needs no further ordering.
 *
 * <p><b>Demand</b> is a count to which requests add and from which the loop subtracts the elements
 * it has sent, not with each element but when it has used up the demand that it has seen. Unbounded
 * demand is never reduced.
 *
 * <p><b>One end.</b> {@code end} is set once, by compare-and-set: to COMPLETE or FAIL by the loop,
 * which then sends that, or to a cancellation or a failure by any thread, on which the loop acts in
 * its next round. A cancellation is passed on upstream at once, by the thread that cancels, and not
 * by the loop, which may be busy. After the end the loop only calls {@link #sweep} for elements
 * that come late.
 *
 * <p><b>Context.</b> The loop runs in the context in which the run was started, whichever thread
 * enters it, and so do all functions of the stages that it signals.
 *
 * <p><b>Errors.</b> An exception in the loop cancels the upstream and fails the downstream, and the
 * loop ends.
 *
 * @param <T> the type of the elements sent
 */
public abstract class Emitter<T> implements Upstream {

  private static final int IDLE = 0;
  private static final int RUNNING = 1;
  private static final int AGAIN = 2;

  private static final VarHandle STATE;
  private static final VarHandle DEMAND;
  private static final VarHandle END;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Emitter.class, "state", int.class);
      DEMAND = lookup.findVarHandle(Emitter.class, "demand", long.class);
      END = lookup.findVarHandle(Emitter.class, "end", End.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How it ends: by itself, or because of a cancellation, or with a failure to be sent. */
  private record End(Throwable cause, boolean told) {}

  private static final End SENT = new End(null, false); // Sent by the loop itself.
  private static final End CANCELLED = new End(null, false); // Without a cause.

  /** The receiver of the elements; signalled only in the loop. */
  protected final Downstream<? super T> down;

  private final Run<?> run;

  private volatile int state;
  private volatile long demand;
  private volatile End end; // Null until it ends.

  // Used only by the loop.
  private long seen; // The demand at the last look.
  private long sent; // How many elements since then.
  private boolean ended;

  /** Makes an emitter that is not known to its downstream yet. */
  protected Emitter(Run<?> run, Downstream<? super T> down) {
    this.run = requireNonNull(run, "run");
    this.down = requireNonNull(down, "down");
  }

  /** Begins: the run does not end before this has ended. Called once. */
  protected final void begin() {
    run.hold();
    down.begin(this);
  }

  /** The run, for resources that are closed after this has ended. */
  protected final Run<?> run() {
    return run;
  }

  /* ------ For any thread ------ */

  @Override
  public final void request(long count) {
    if (count <= 0) {
      abort(new IllegalArgumentException("requested <= 0 elements (rule 3.9): " + count));
      return;
    }
    long old;
    long sum;
    do {
      old = demand;
      if (old == UNBOUNDED) {
        return;
      }
      sum = old + count;
    } while (!DEMAND.compareAndSet(this, old, sum < 0 ? UNBOUNDED : sum));
    ask();
    requested();
  }

  @Override
  public final void cancel(Throwable cause) {
    if (end != null) {
      return;
    }
    StackReserve.checkForOperation();
    End how = cause == null ? CANCELLED : new End(cause, false);
    if (END.compareAndSet(this, null, how)) {
      stopAndAsk(cause);
    }
  }

  /**
   * Ends with a failure of this stage itself: its elements are dropped, and the upstream is
   * cancelled. In the loop {@link #step} must then return.
   */
  protected final void abort(Throwable failure) {
    if (end != null) {
      return;
    }
    StackReserve.checkForOperation();
    if (END.compareAndSet(this, null, new End(failure, true))) {
      stopAndAsk(failure);
    }
  }

  /** Ends because the upstream has sent an element without a request. */
  protected final void abortForExcess() {
    abort(new IllegalStateException("more than the requested elements were sent"));
  }

  private void stopAndAsk(Throwable cause) {
    try {
      cancelUpstream(cause);
    } finally {
      ask();
    }
  }

  /** Whether it has been cancelled, or has ended in another way. */
  protected final boolean isOver() {
    return end != null;
  }

  /** The cause of its cancellation, or its own failure; null if there is none. */
  protected final Throwable cause() {
    End how = end;
    return how == null ? null : how.cause;
  }

  /** Asks for a round of the loop; see the protocol. */
  protected final void ask() {
    StackReserve.check();
    if (STATE.compareAndSet(this, IDLE, RUNNING) || (int) STATE.getAndSet(this, AGAIN) == IDLE) {
      enter();
    }
  }

  /* ------ For subclasses ------ */

  /**
   * Cancels the upstream. Called once, by any thread, even while the loop runs, and never after the
   * loop has ended in another way. Must not throw.
   *
   * @param cause null if nothing has failed
   */
  protected abstract void cancelUpstream(Throwable cause);

  /**
   * Does the available work: sends elements, for each of which {@link #claim} must have returned
   * true, or calls {@link #complete} or {@link #fail} and then returns. An exception is a failure
   * of this stage.
   */
  protected abstract void step() throws Throwable;

  /** Called after a request, outside the loop, by the requesting thread. */
  protected void requested() {}

  /** Drops the held elements, because this has ended; called once, in the loop. */
  protected void dispose() {}

  /** Drops elements that came after this had ended; called in the loop. */
  protected void sweep() {}

  /**
   * Runs the loop, on the thread that has just asked for it. An override that runs it elsewhere
   * calls {@link #loop} there, or {@link #abort} and then {@link #loop} if that is not possible.
   */
  protected void enter() {
    loop();
  }

  /**
   * Whether the next round may run in the loop; otherwise it is {@linkplain #enter entered} anew.
   */
  protected boolean goesOn() {
    return true;
  }

  /* ------ In the loop ------ */

  /** Whether another element may be sent. */
  protected final boolean mayEmit() {
    return end == null && (sent < seen || renew());
  }

  /** Like {@link #mayEmit}; if true, one element must be sent, which this counts. */
  protected final boolean claim() {
    if (mayEmit()) {
      sent++;
      return true;
    }
    return false;
  }

  /** Reads the demand, less the elements sent; called when the demand seen before is used up. */
  private boolean renew() {
    long old;
    long left;
    do {
      old = demand;
      left = old == UNBOUNDED ? old : old - sent;
    } while (left != old && !DEMAND.compareAndSet(this, old, left));
    seen = left;
    sent = 0;
    return left > 0;
  }

  /**
   * Ends: the downstream gets the end after the elements sent, unless it has cancelled meanwhile.
   */
  protected final void complete() {
    if (end == null && END.compareAndSet(this, null, SENT)) {
      finish(true, null);
    }
  }

  /** Ends with a failure that came from upstream; see {@link #complete}. */
  protected final void fail(Throwable failure) {
    if (end == null && END.compareAndSet(this, null, SENT)) {
      finish(false, failure);
    }
  }

  /** Runs the loop; only for the thread that had to {@link #enter}. */
  protected final void loop() {
    if (!ContextSlot.isUsed()) {
      rounds();
      return;
    }
    Object outer = ContextSlot.enter(run.context());
    try {
      rounds();
    } finally {
      ContextSlot.exit(outer);
    }
  }

  private void rounds() {
    for (; ; ) {
      try {
        round();
      } catch (Throwable thrown) {
        broken(thrown);
      }
      if (STATE.compareAndSet(this, RUNNING, IDLE)) {
        return;
      }
      STATE.getAndSet(this, RUNNING);
      if (!goesOn()) {
        enter();
        return;
      }
    }
  }

  private void round() throws Throwable {
    if (ended) {
      sweep();
      return;
    }
    End how = end;
    if (how == null) {
      step();
    } else {
      finish(false, how.told ? how.cause : null);
    }
  }

  private void finish(boolean complete, Throwable failure) {
    ended = true;
    try {
      try {
        dispose();
      } catch (Throwable thrown) {
        run.note(thrown);
      }
      if (complete) {
        down.complete();
      } else if (failure != null) {
        down.fail(failure);
      }
    } finally {
      run.release();
    }
  }

  private void broken(Throwable thrown) {
    try {
      if (ended) {
        Log.error("A stage of a stream failed after its end", thrown);
        return;
      }
      if (END.compareAndSet(this, null, new End(thrown, true))) {
        cancelUpstream(thrown);
      }
      finish(false, end.told ? end.cause : null);
    } catch (Throwable again) {
      Log.error("A stage of a stream could not be ended", again);
    }
  }
}
