package io.libprocess.future;

import io.libprocess.internal.Trampoline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The state of a future in one word.
 *
 * <h2>Protocol</h2>
 *
 * <p>{@link #state} is, while the future is pending, the top of a stack of {@link Node}s (null: an
 * empty one), and afterwards the value, or an {@link Outcome} where the bare value would not do.
 * Every change is one compare-and-set of this word, which is its linearization point:
 *
 * <ul>
 *   <li>To wait is to push a node.
 *   <li>The flags (discard requested, abandoned, associated) change by pushing a {@link Mark}: each
 *       node repeats the flags of the one below with its own change, so the top element tells the
 *       current ones and no flag can change between looking at it and pushing.
 *   <li>To complete is to replace the whole stack. Who succeeds owns the detached stack and runs
 *       it. The new state is visible before the first callback runs.
 * </ul>
 *
 * <p>No user code runs inside a transition. The nodes of a detached stack run in registration
 * order, first those for one kind of completion, then those for any kind. A node that completes
 * another future hands that future's stack to the same loop ({@link #run}) instead of calling it,
 * so chains of any length complete in constant stack space. Where callbacks of the user complete
 * futures whose callbacks complete futures, the {@link Trampoline} sees to that.
 *
 * <p>Discard requests and abandonment ({@link Walk}) visit what is below the mark they pushed. That
 * stack stays in place, so a completion may detach and run it meanwhile; the walk goes on all the
 * same, because the request came first. The mark sets {@link #MARKED} for ever, and only the nodes
 * of a stack without that flag are relinked. A node is pushed once.
 *
 * <p><b>Origin.</b> A future made by a combinator starts with its {@link Derivation} as the bottom
 * of its stack: this tells where discard requests go. The same object waits in the stack of the
 * future it depends on; {@link Node#next} belongs to that stack and is never followed from here.
 *
 * <p>A future in the middle of a long recursion may leave its place to others: its state is a
 * {@link Following} then, until somebody looks at it ({@link #state}).
 */
abstract class FutureState {

  static final int DISCARD_REQUESTED = 1;
  static final int ABANDONED = 2;
  static final int ASSOCIATED = 4;
  static final int MARKED = 8;

  private static final int KEPT = DISCARD_REQUESTED | ABANDONED;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(FutureState.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile Object state;

  FutureState() {}

  /** Starts with an outcome, or with the origin of a derived future. */
  FutureState(Object initial) {
    STATE.setRelease(this, initial); // Published with this object, or by the push of its origin.
  }

  /* ---------------- Reading ---------------- */

  /** The state word; if this follows another future, it does so no longer. */
  final Object state() {
    Object s = state;
    while (s instanceof Following following) {
      following.end(this);
      s = state;
    }
    return s;
  }

  /** The state word as it is, which may be a {@link Following}. */
  final Object word() {
    return state;
  }

  final boolean exchange(Object word, Object newWord) {
    return STATE.compareAndSet(this, word, newWord);
  }

  static boolean isPendingWord(Object s) {
    return s == null || s instanceof Node;
  }

  /** The state word of a completed future. */
  final Object outcome() {
    return state;
  }

  final int flags(Object s) {
    if (s instanceof Node node) {
      return isOrigin(node) ? 0 : node.flags;
    }
    return s instanceof Outcome outcome ? outcome.flags : 0;
  }

  final boolean isMarkedAbandoned() {
    return (flags(state()) & ABANDONED) != 0;
  }

  final boolean isDiscardRequested() {
    Object s = state;
    return s instanceof Following following
        ? following.isDiscardRequested()
        : (flags(s) & DISCARD_REQUESTED) != 0;
  }

  final boolean isOrigin(Node node) {
    return node instanceof Derivation derivation && derivation.target == this;
  }

  /* ---------------- Waiting ---------------- */

  /**
   * Pushes a node, unless the future is completed.
   *
   * @return false if completed: nothing was done, and the caller fires the node
   */
  final boolean push(Node node) {
    for (; ; ) {
      Object s = state();
      if (!isPendingWord(s)) {
        return false;
      }
      int flags = flags(s);
      if (cas(s, node, flags)) {
        if ((flags & ABANDONED) != 0) {
          Mark mark = node.sourceAbandoned(this);
          if (mark != null) {
            Walk.tellAbandoned(mark);
          }
        }
        return true;
      }
    }
  }

  /** Pushes a node, or fires it and runs what that completes if this is completed already. */
  final void attach(Node node) {
    if (!push(node)) {
      Node stack = node.fire(this);
      if (stack != null) {
        node.completed().runStack(stack);
      }
    }
  }

  /**
   * Pushes a callback for a flag, unless the future is completed.
   *
   * @return true if the flag is set: nothing was done, and the caller runs the callback
   */
  final boolean pushUnlessSet(int flag, Node node) {
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

  private boolean cas(Object s, Node node, int flags) {
    node.next = (Node) s;
    node.flags = (byte) flags;
    return STATE.compareAndSet(this, s, node);
  }

  /** Pushes a mark that adds and removes flags; null if {@code unless} applies, else the mark. */
  private Mark mark(int added, int removed, int unless) {
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if (!isPendingWord(s) || (flags & unless) != 0) {
        return null;
      }
      Mark mark = new Mark(this);
      if (cas(s, mark, flags & ~removed | added | MARKED)) {
        return mark;
      }
    }
  }

  final void clearDiscardRequest() {
    if (isDiscardRequested()) {
      mark(0, DISCARD_REQUESTED, 0);
    }
  }

  /** Closes the future to its promise, and remembers where discard requests go from now on. */
  final boolean beginAssociation(FutureState source) {
    Association association = new Association(source);
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if (!isPendingWord(s) || (flags & ASSOCIATED) != 0) {
        return false;
      }
      if (cas(s, association, flags | ASSOCIATED)) {
        if ((flags & DISCARD_REQUESTED) != 0) {
          source.requestDiscard();
        }
        return true;
      }
    }
  }

  /* ---------------- Completion ---------------- */

  /** Completes on behalf of the promise, and runs what waited. */
  final boolean complete(Object outcome) {
    return complete(outcome, ASSOCIATED);
  }

  /** As {@link #complete(Object)}, but not if a discard was requested. */
  final boolean completeUnlessDiscardRequested(Object outcome) {
    return complete(outcome, ASSOCIATED | DISCARD_REQUESTED);
  }

  private boolean complete(Object outcome, int unless) {
    Object s = replace(outcome, unless);
    if (s == this) {
      return false;
    }
    if (s != null) {
      runNested((Node) s);
    }
    return true;
  }

  /**
   * Completes on behalf of a firing node, whose loop then runs what waited.
   *
   * @return what {@link Node#fire} returns
   */
  final Node completeFor(Node node, Object outcome) {
    Object s = replace(outcome, 0);
    return s == this || s == node ? null : (Node) s;
  }

  /** Replaces the stack by an outcome; returns the stack, or this if that was not allowed. */
  private Object replace(Object outcome, int unless) {
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if (!isPendingWord(s) || (flags & unless) != 0) {
        return this;
      }
      if (STATE.compareAndSet(this, s, Outcome.withFlags(outcome, flags & KEPT))) {
        return s;
      }
    }
  }

  /** Stacks not yet run, of futures that completed. */
  private record Pending(FutureState future, Node list, Pending outer) {}

  /** Runs the detached stack of this future, which a callback of another one may have completed. */
  private void runNested(Node stack) {
    Trampoline trampoline = Trampoline.enter();
    try {
      if (trampoline.isFull()) {
        trampoline.putOff(() -> run(this, stack));
      } else {
        run(this, stack);
      }
    } finally {
      trampoline.exit();
    }
  }

  /** Runs what {@link Node#fire} returned for this future, outside the loop; may be null. */
  final void runStack(Node stack) {
    if (stack != null) {
      run(this, stack);
    }
  }

  /** Runs the detached stack of a completed future and of all futures completed thereby. */
  private static void run(FutureState future, Node stack) {
    Node list = future.inOrder(stack);
    Pending outer = null;
    for (; ; ) {
      while (list == null) {
        if (outer == null) {
          return;
        }
        future = outer.future;
        list = outer.list;
        outer = outer.outer;
      }
      Node element = list;
      Node node = element.self();
      list = element.next;
      element.next = null; // It may live on as an origin; the others may not for its sake.
      Node fired = node.fire(future);
      if (fired != null) {
        FutureState completed = node.completed();
        Node more = completed.inOrder(fired);
        if (more != null) {
          outer = list == null ? outer : new Pending(future, list, outer);
          future = completed;
          list = more;
        }
      }
    }
  }

  /** Lists a detached stack in the order in which it has to run. */
  private Node inOrder(Node stack) {
    boolean walked = (stack.flags & MARKED) != 0;
    Node early = null;
    Node any = null;
    for (Node node = stack; node != null && !isOrigin(node); ) {
      Node below = node.next;
      if (node.waitsForCompletion()) {
        Node element = walked ? new Relay(node) : node;
        if (node.early()) {
          element.next = early;
          early = element;
        } else {
          element.next = any;
          any = element;
        }
      }
      node = below;
    }
    if (early == null || any == null) {
      return early == null ? any : early;
    }
    Node last = early;
    while (last.next != null) {
      last = last.next;
    }
    last.next = any;
    return early;
  }

  /* ---------------- Discard requests and abandonment ---------------- */

  /** Sets the flag and tells the futures this depends on; false if set before, or completed. */
  final boolean requestDiscard() {
    Mark mark = markDiscardRequested();
    if (mark != null) {
      Walk.requestDiscard(mark);
    }
    return mark != null;
  }

  /** Sets the flag only; null if it was set before, or this is completed. */
  final Mark markDiscardRequested() {
    return mark(DISCARD_REQUESTED, 0, DISCARD_REQUESTED);
  }

  /** Sets the flag and tells those who wait; false if completed, abandoned or associated. */
  final boolean abandon() {
    Mark mark = mark(ABANDONED, 0, ABANDONED | ASSOCIATED);
    if (mark != null) {
      Walk.tellAbandoned(mark);
    }
    return mark != null;
  }

  /**
   * Sets the flag only, because the future this depends on was abandoned.
   *
   * @return the mark below which are those who have to be told, or null
   */
  final Mark markAbandoned() {
    return mark(ABANDONED, 0, ABANDONED);
  }
}
