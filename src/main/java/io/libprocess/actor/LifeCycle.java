package io.libprocess.actor;

import io.libprocess.Exit;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The life cycle of a process from its spawn to its end, with the future of that end.
 *
 * <h2>Phases</h2>
 *
 * <pre>
 *         spawn            terminated, or threw          end was told
 *   NEW ---------> LIVE ------------------------> GONE ----------------> NAMELESS
 *    |   &lt;--------  |                              ^
 *    |  id is taken  | node closed, thread stuck     | thread came back
 *    |               +-----------> GIVEN_UP --------+
 *    +-----------------------------------------------> GONE  (node closed, never spawned)
 * </pre>
 *
 * <p>The owner of the {@link Mailbox} changes the phase, except for the arrows that leave NEW and
 * the one to GIVEN_UP, which are compare-and-set. All accesses are volatile.
 */
abstract class LifeCycle extends Mailbox {

  private static final long serialVersionUID = 1L;
  private static final VarHandle ENDED;
  private static final VarHandle PHASE;

  private static final int NEW = 0; // Not spawned yet; events sent to it wait for that.
  private static final int LIVE = 1;
  private static final int GONE = 2; // It will never be live again.
  private static final int NAMELESS = 3; // Gone, and another process may have the id.
  private static final int GIVEN_UP = 4; // Its thread did not return when the node was closed.

  // Shared by all whose end no caller waits for.
  private static final Promise<Exit> TERMINATED = new Promise<>();

  static {
    TERMINATED.set(Exits.TERMINATED);
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PHASE = lookup.findVarHandle(LifeCycle.class, "phase", int.class);
      ENDED = lookup.findVarHandle(LifeCycle.class, "ended", Promise.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private transient volatile int phase;
  private transient volatile Promise<Exit> ended; // Made on first use.

  /** Whether the process has yet to be spawned. */
  public final boolean isNew() {
    return phase == NEW;
  }

  /** Whether it has been spawned and has not ended. */
  public final boolean isLive() {
    return phase == LIVE;
  }

  /** Whether it has ended, or its end is being reported. */
  final boolean isGone() {
    return phase >= GONE;
  }

  /** Whether the process has given its id back. */
  final boolean isNameless() {
    return phase == NAMELESS;
  }

  /** Whether the thread that runs the process is no longer waited for. */
  final boolean isGivenUp() {
    return phase == GIVEN_UP;
  }

  /** Whether nothing is queued or being served, or it has yet to be spawned. */
  public final boolean isIdle() {
    return isEmpty() || phase == NEW || phase == GIVEN_UP;
  }

  /** Makes the process live, once; its start or {@link #takeBack} must follow. */
  final boolean open() {
    return PHASE.compareAndSet(this, NEW, LIVE);
  }

  /** Undoes {@link #open}. */
  final void takeBack() {
    phase = NEW;
  }

  /** Notes that the process has ended. */
  final void endLive() {
    phase = GONE;
  }

  /** Notes that the process will never be spawned; false if it has been. */
  final boolean endUnspawned() {
    return PHASE.compareAndSet(this, NEW, GONE);
  }

  /**
   * Gives up the wait for the thread that runs the process; false if the process is no longer live.
   */
  final boolean giveUpLive() {
    return PHASE.compareAndSet(this, LIVE, GIVEN_UP);
  }

  /** Gives back the id of the ended process. */
  final void freeId() {
    phase = NAMELESS;
  }

  /* ---------------- Waiting for the end ---------------- */

  /** A future of the process's end, pending until then. Each caller gets a new future. */
  public final Future<Exit> ended() {
    return promise().future().discardable(); // A discarded one leaves nothing behind.
  }

  /** Whether the end is still to come, or not everything has been told of it. */
  final boolean isUnended() {
    Promise<Exit> promise = ended;
    return promise == null || promise.future().isPending();
  }

  private Promise<Exit> promise() {
    Promise<Exit> promise = ended;
    if (promise == null) {
      Promise<Exit> made = new Promise<>();
      promise = (Promise<Exit>) ENDED.compareAndExchange(this, null, made);
      promise = promise == null ? made : promise;
    }
    return promise;
  }

  /** Releases everything that waits for the end. */
  final void release(Exit exit) {
    if (exit == Exits.TERMINATED && ENDED.compareAndSet(this, null, TERMINATED)) {
      return;
    }
    promise().set(exit);
  }
}
