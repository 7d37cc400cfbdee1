package io.libprocess.future;

import io.libprocess.future.Completion.DetachedStack;
import io.libprocess.future.Completion.FlagChange;
import io.libprocess.internal.FailureWatch;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.Trampoline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The state of a future in one word.
 *
 * <h2>States</h2>
 *
 * <pre>{@code
 *           complete                  PENDING    null or a Completion, the top of a stack
 * PENDING ------------> COMPLETED     LINKED     a Link to the future it was left out for
 *  |  ^ \                 ^   ^       UNSEEN     an Outcome.Unseen: a failure that nothing waited
 *  |  |  \ fail           |   |                  for, and that its producer wants to be looked at
 *  |  |   v     looked at |   |       COMPLETED  the value, or an Outcome where the bare value
 *  |  | UNSEEN -----------+   |                  would not do
 *  v  | looked at             |
 * LINKED ---------------------+
 *           looked at, and the root is completed
 * }</pre>
 *
 * <h2>Protocol</h2>
 *
 * <p>Every change is one compare-and-set of {@link #state}, which is its linearization point. While
 * the future is pending the word is a Treiber stack of {@link Completion}s:
 *
 * <ul>
 *   <li>To wait is to push a completion.
 *   <li>The flags (discard requested, abandoned, associated and so on) change by pushing a {@link
 *       FlagChange}: each element repeats the flags of the one below with its own change, so the
 *       top element has the current flags, and no flag can change between reading it and pushing.
 *   <li>To complete is to replace the whole stack. The thread that succeeds owns the detached stack
 *       and runs it. The new state is visible before the first callback runs.
 * </ul>
 *
 * <p>No user code runs inside a transition. The elements of a detached stack run in registration
 * order, first those for one kind of completion, then those for any kind. A completion that
 * completes another future hands that future's stack to the same loop ({@link DetachedStack})
 * instead of calling it, so chains of any length complete in constant stack space. Where users'
 * callbacks complete futures whose callbacks complete futures, the {@link Trampoline} does the
 * same. Whatever one element throws, the others run.
 *
 * <p>Discard requests and abandonment ({@link ChainPropagation}) visit the elements below the flag
 * change that they pushed. That stack stays in place, so a completion may detach and run it
 * meanwhile; the propagation continues nevertheless, because the request came first. The change
 * sets {@link #SHARED} for ever, and only the elements of a stack without that flag are relinked.
 * An element is pushed once, so there is no ABA.
 *
 * <p><b>Sweeping.</b> A dependent that ends before the future does, such as a {@code select} that
 * another input has decided, leaves behind its completion, which is no longer {@linkplain
 * Completion#isLive live}. A thread that finds that as many completions have been pushed as were
 * live at the last sweep unlinks the dead ones below the top, so a future keeps no more dead
 * completions than live ones plus a handful, and a push costs constant time on average. Sweepers
 * may overlap: then a dead element may be linked again, but a live one is never lost, since all
 * they do is skip dead ones. They set SHARED first.
 *
 * <p><b>Origin.</b> A future made by a combinator starts with its {@link DependentCompletion} as
 * the bottom of its stack: it determines where discard requests go. The same object waits in the
 * stack of the future it depends on; {@link Completion#next} belongs to that stack and is never
 * followed from here.
 *
 * <p><b>Memory order.</b> The word is volatile, and changed by compare-and-set of the same
 * strength. The constructor alone stores with release: the future is not published before, or is
 * published by the push of its origin. {@code next} and the flags of an element are plain: they are
 * written before the push that publishes it, or by the owner of a detached stack, or by a sweeper,
 * which writes a reference that was reached through the word before.
 */
abstract class FutureState {

  static final int DISCARD_REQUESTED = 1;
  static final int ABANDONED = 2;
  static final int ASSOCIATED = 4;
  static final int SHARED = 8; // Some thread walks through the stack, so it must not be relinked.
  static final int MIRRORING = 16; // The origin is a mirror.
  static final int UNDISCARDABLE = 32; // Discard requests are ignored.
  static final int WATCHED = 64; // There is a WatchedSource in the stack.

  private static final int KEPT = DISCARD_REQUESTED | ABANDONED;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(FutureState.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
    DeferredStep.load();
  }

  /** A state that stands for another one, which takes its place when somebody looks. */
  abstract static class Indirection {

    /** Puts the other state in the place of this one, which is the state of the given future. */
    abstract void end(FutureState future);
  }

  private volatile Object state;

  FutureState() {}

  /** Starts with an outcome, or with the origin of a derived future. */
  FutureState(Object initial) {
    STATE.setRelease(this, initial); // Published with this object, or by the push of its origin.
  }

  /* ---------------- Reading ---------------- */

  /**
   * The state word, after ending the link if this is linked to another future, and noting that
   * somebody looks if it has failed unseen.
   */
  final Object state() {
    Object s = state;
    while (s instanceof Indirection other) {
      other.end(this);
      s = state;
    }
    return s;
  }

  /** The state word as it is, which may be an {@link Indirection}. */
  final Object word() {
    return state;
  }

  final boolean exchange(Object word, Object newWord) {
    return STATE.compareAndSet(this, word, newWord);
  }

  static boolean isPendingWord(Object s) {
    return s == null || s instanceof Completion;
  }

  final boolean isCompleted() {
    Object s = state;
    return !isPendingWord(s) && !(s instanceof Link);
  }

  /** The state word of a completed future. */
  final Object outcome() {
    return state;
  }

  final int flags(Object s) {
    if (s instanceof Completion element) {
      return isOrigin(element) ? ((DependentCompletion) element).initialFlags() : element.flags();
    }
    if (s instanceof Outcome outcome) {
      return outcome.flags;
    }
    return s instanceof Outcome.Unseen unseen ? unseen.flags() : 0;
  }

  final boolean isFlaggedAbandoned() {
    return (flags(state()) & ABANDONED) != 0;
  }

  /**
   * Whether a discard was requested. A linked or mirroring future counts as asked if its root was,
   * even before the request has arrived here.
   */
  final boolean isDiscardRequested() {
    FutureState future = this;
    for (; ; ) {
      Object s = future.state;
      if (s instanceof Link link) {
        future = link.root();
        continue;
      }
      int flags = future.flags(s);
      if ((flags & DISCARD_REQUESTED) != 0) {
        return true;
      }
      if ((flags & MIRRORING) == 0) {
        return false;
      }
      Link.Mirror mirror = future.mirror((Completion) s);
      future = mirror == null ? future : mirror.root(); // Null: it was completed meanwhile.
    }
  }

  private Link.Mirror mirror(Completion top) {
    Completion element = top;
    while (element != null && !isOrigin(element)) {
      element = element.next;
    }
    return (Link.Mirror) element;
  }

  final boolean isOrigin(Completion node) {
    return node instanceof DependentCompletion dependent && dependent.target == this;
  }

  /* ---------------- Waiting ---------------- */

  /**
   * Pushes a completion, unless the future is completed.
   *
   * @return false if completed: nothing was done, and the caller fires the completion
   */
  final boolean push(Completion completion) {
    for (; ; ) {
      Object s = state();
      if (!isPendingWord(s)) {
        return false;
      }
      int flags = flags(s);
      if (cas(s, completion, flags)) {
        if (completion.needsSweep()) {
          sweep(completion);
        }
        if ((flags & ABANDONED) != 0) {
          FlagChange change = completion.sourceAbandoned(this);
          if (change != null) {
            ChainPropagation.tellAbandoned(change);
          }
        }
        return true;
      }
    }
  }

  /** Unlinks the elements below a given one that are not live. */
  private void sweep(Completion from) {
    boolean shared = (from.flags() & SHARED) != 0;
    int live = 1;
    Completion kept = from;
    for (Completion next = from.next; next != null && !isOrigin(next); next = next.next) {
      if (next.isLive()) {
        kept = next;
        live++;
      } else {
        if (!shared && change(SHARED, 0, 0) == null) {
          return; // Completed.
        }
        shared = true;
        kept.next = next.next;
      }
    }
    from.renewBudget(live);
  }

  /**
   * Pushes a completion; if this is completed, fires it instead and runs the completions of what it
   * completes.
   */
  final void attach(Completion completion) {
    if (!push(completion)) {
      Completion stack = completion.fire(this);
      if (stack != null) {
        completion.completed().runStack(stack);
      }
    }
  }

  /**
   * Pushes a callback for a flag, unless the future is completed.
   *
   * @return true if the flag is set: nothing was done, and the caller runs the callback
   */
  final boolean pushUnlessSet(int flag, Completion node) {
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if ((flags & flag) != 0) {
        return true;
      }
      if (!isPendingWord(s) || cas(s, node, flags)) {
        return false;
      }
    }
  }

  private boolean cas(Object s, Completion completion, int flags) {
    Completion below = (Completion) s;
    if (below == null || isOrigin(below)) {
      completion.prepareFirst(below, flags);
    } else {
      completion.prepare(below, flags);
    }
    return STATE.compareAndSet(this, s, completion);
  }

  /** Pushes an element that adds and removes flags; returns null if {@code unless} applies. */
  private FlagChange change(int added, int removed, int unless) {
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if (!isPendingWord(s) || (flags & unless) != 0) {
        return null;
      }
      FlagChange change = new FlagChange(this);
      if (cas(s, change, flags & ~removed | added | SHARED)) {
        return change;
      }
    }
  }

  final void clearDiscardRequest() {
    if (isDiscardRequested()) {
      change(0, DISCARD_REQUESTED, 0);
    }
  }

  /**
   * Closes the future to its promise, and records the future to which discard requests go from now
   * on.
   *
   * @param added zero, or {@link #WATCHED}
   */
  final boolean beginAssociation(Link.AssociatedSource association, int added) {
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if (!isPendingWord(s) || (flags & ASSOCIATED) != 0) {
        return false;
      }
      if (cas(s, association, flags | ASSOCIATED | added)) {
        return true;
      }
    }
  }

  /* ---------------- Completion ---------------- */

  /** Completes on behalf of the promise, and runs the completions that waited. */
  final boolean complete(Object outcome) {
    return complete(outcome, ASSOCIATED);
  }

  /** Like {@link #complete(Object)}, but does nothing if a discard was requested. */
  final boolean completeUnlessDiscardRequested(Object outcome) {
    return complete(outcome, ASSOCIATED | DISCARD_REQUESTED);
  }

  /** Completes with a failure on behalf of the promise; it is reported if nobody looks at it. */
  final boolean failWatched(Throwable failure, FailureWatch.Origin origin, Object what) {
    StackReserve.checkForCallbacks();
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if (!isPendingWord(s) || (flags & ASSOCIATED) != 0) {
        return false;
      }
      Object failed = Outcome.withFlags(Outcome.failed(failure), flags & KEPT);
      Object completed = Outcome.Unseen.of(this, (Completion) s, failed, origin, what);
      if (STATE.compareAndSet(this, s, completed)) {
        runStack((Completion) s);
        return true;
      }
      Outcome.Unseen.undo(completed);
    }
  }

  private boolean complete(Object outcome, int unless) {
    StackReserve.checkForCallbacks();
    Object s = replace(outcome, unless, 0);
    if (s == this) {
      return false;
    }
    runStack((Completion) s);
    return true;
  }

  /**
   * Completes on behalf of a firing completion, whose loop then runs the completions that waited.
   *
   * @return the value for {@link Completion#fire} to return
   */
  final Completion completeFor(Completion completion, Object outcome) {
    return completeFor(completion, outcome, 0);
  }

  /**
   * Like {@link #completeFor(Completion, Object)}, with flags in addition to those that this has.
   */
  final Completion completeFor(Completion completion, Object outcome, int added) {
    Object s = replace(outcome, 0, added);
    return s == this || s == completion ? null : (Completion) s;
  }

  /** Replaces the stack by an outcome; returns the stack, or this if the change was not allowed. */
  private Object replace(Object outcome, int unless, int added) {
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if (!isPendingWord(s) || (flags & unless) != 0) {
        return this;
      }
      Object completed = Outcome.withFlags(outcome, flags & KEPT | added);
      if ((flags & WATCHED) != 0) {
        completed = Outcome.Unseen.ofWatched(this, (Completion) s, completed);
      }
      if (STATE.compareAndSet(this, s, completed)) {
        return s;
      }
      Outcome.Unseen.undo(completed);
    }
  }

  /**
   * Runs the detached stack of this future, which may be null. A callback of another future may
   * have completed this one: beyond some depth of such callbacks, or if the thread has little stack
   * left, it runs later, on this thread. It runs in no context: see {@link
   * io.libprocess.internal.ContextSlot}.
   */
  final void runStack(Completion stack) {
    if (stack == null) {
      return;
    }
    Trampoline trampoline = Trampoline.enter();
    Object context = trampoline.suspend();
    try {
      Trampoline.Step later =
          trampoline.isFullOrShort() ? DeferredStep.stackRun(this, stack) : null;
      if (later != null) {
        trampoline.putOff(later);
      } else {
        DetachedStack.run(this, stack);
      }
    } finally {
      trampoline.resume(context);
      trampoline.exit();
    }
  }

  /** Whether the elements of a detached stack must keep their links. */
  final boolean isShared(Completion top) {
    return !isOrigin(top) && (top.flags() & SHARED) != 0;
  }

  /* ---------------- Discard requests and abandonment ---------------- */

  /**
   * Sets the flag and passes the request to the futures this depends on; false if set before, or
   * completed.
   */
  final boolean requestDiscard() {
    StackReserve.checkForCallbacks();
    FlagChange change = flagDiscardRequested();
    if (change != null) {
      ChainPropagation.requestDiscard(change);
    }
    return change != null;
  }

  /** Sets the flag and notifies the waiting elements, but not the futures this depends on. */
  final void noteDiscardRequested() {
    FlagChange change = flagDiscardRequested();
    if (change != null) {
      ChainPropagation.tellDiscardRequested(change);
    }
  }

  /** Sets the flag only; null if it was set before, is never set, or this is completed. */
  final FlagChange flagDiscardRequested() {
    return change(DISCARD_REQUESTED, 0, DISCARD_REQUESTED | UNDISCARDABLE);
  }

  /** Makes this ignore discard requests from now on. */
  final void ignoreDiscardRequests() {
    change(UNDISCARDABLE, 0, 0);
  }

  /**
   * Sets the flag and notifies the waiting elements; false if completed, abandoned or associated.
   */
  final boolean abandon() {
    StackReserve.checkForCallbacks();
    FlagChange change = change(ABANDONED, 0, ABANDONED | ASSOCIATED);
    if (change != null) {
      ChainPropagation.tellAbandoned(change);
    }
    return change != null;
  }

  /**
   * Sets the flag, as {@link #flagDiscardRequested} does, because the future this depends on was
   * abandoned.
   */
  final FlagChange flagAbandoned() {
    return change(ABANDONED, 0, ABANDONED);
  }
}
