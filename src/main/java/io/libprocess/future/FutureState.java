package io.libprocess.future;

import io.libprocess.internal.Trampoline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
 * <p>Discard requests and abandonment walk a stack that stays in place, so a completion may happen
 * meanwhile. The mark that starts such a walk sets {@link #MARKED} for ever; only the nodes of a
 * stack without that flag are relinked or pushed a second time.
 *
 * <p><b>Origin.</b> A future made by a combinator starts with its {@link Derivation} as the bottom
 * of its stack: this tells where discard requests go. The same object waits in the stack of the
 * future it depends on; {@link Node#next} belongs to that stack and is never followed from here.
 */
abstract class FutureState {

  static final int DISCARD_REQUESTED = 1;
  static final int ABANDONED = 2;
  static final int ASSOCIATED = 4;
  static final int MARKED = 8;

  private static final int KEPT = DISCARD_REQUESTED | ABANDONED | MARKED;

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

  /** The state word, after a short cut taken by {@link ThenNode} has been undone. */
  final Object state() {
    Object s = state;
    return s instanceof ThenNode<?, ?> then && then.isFollowedBy(this) ? unfollow(then) : s;
  }

  static boolean isPending(Object s) {
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

  final boolean has(int flag) {
    return (flags(state()) & flag) != 0;
  }

  private boolean isOrigin(Node node) {
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
      if (!isPending(s)) {
        return false;
      }
      int flags = flags(s);
      if (cas(s, node, flags)) {
        if ((flags & ABANDONED) != 0) {
          tellAbandoned(node);
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

  /** Pushes a callback for a flag; false if the flag is set or the future completed. */
  final boolean pushUnless(int flag, Node node) {
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if (!isPending(s) || (flags & flag) != 0) {
        return false;
      }
      if (cas(s, node, flags)) {
        return true;
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
      if (!isPending(s) || (flags & unless) != 0) {
        return null;
      }
      Mark mark = new Mark();
      if (cas(s, mark, flags & ~removed | added | MARKED)) {
        return mark;
      }
    }
  }

  final void clearDiscardRequest() {
    mark(0, DISCARD_REQUESTED, 0);
  }

  /** Closes the future to its promise, and remembers where discard requests go from now on. */
  final boolean beginAssociation(FutureState source) {
    Association association = new Association(source);
    for (; ; ) {
      Object s = state();
      int flags = flags(s);
      if (!isPending(s) || (flags & ASSOCIATED) != 0) {
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

  /** Completes on behalf of the source of a derived or associated future, and runs what waited. */
  final boolean completeFromSource(Object outcome) {
    return complete(outcome, 0);
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
      if (!isPending(s)) {
        return this;
      }
      int flags = flags(s);
      if ((flags & unless) != 0) {
        return this;
      }
      Object done = Outcome.withFlags(outcome, flags & KEPT);
      if (STATE.compareAndSet(this, s, done)) {
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
      Node node = list.self();
      list = list.next;
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

  /**
   * Sets the flag, tells the futures this depends on, and then runs the callbacks, the furthest
   * future's first. Chains are walked in a loop, so their length does not matter.
   */
  final boolean requestDiscard() {
    Mark mark = markDiscardRequested();
    if (mark == null) {
      return false;
    }
    if (mark.next == null) {
      return true;
    }
    ArrayDeque<Waiting> reached = new ArrayDeque<>();
    ArrayDeque<FutureState> unmarked = new ArrayDeque<>();
    for (FutureState future = this; future != null; future = unmarked.poll()) {
      mark = future == this ? mark : future.markDiscardRequested();
      if (mark != null) {
        Waiting waiting = future.waiting(mark.next);
        reached.push(waiting);
        waiting.addDiscardTargets(unmarked);
      }
    }
    for (Waiting waiting : reached) {
      waiting.nodes.forEach(Node::discardRequested);
    }
    return true;
  }

  private Mark markDiscardRequested() {
    return mark(DISCARD_REQUESTED, 0, DISCARD_REQUESTED);
  }

  /** Sets the flag and tells those who wait; false if completed, abandoned or associated. */
  final boolean abandon() {
    return abandon(ASSOCIATED);
  }

  /** As {@link #abandon}, because the future this depends on was abandoned. */
  final boolean abandonFromSource() {
    return abandon(0);
  }

  private boolean abandon(int unless) {
    if (!markAbandoned(unless)) {
      return false;
    }
    tellAllAbandoned(this);
    return true;
  }

  /** Sets the flag only: the caller sees to it that those who wait are told. */
  final boolean markAbandoned(int unless) {
    return mark(ABANDONED, 0, ABANDONED | unless) != null;
  }

  private void tellAbandoned(Node node) {
    FutureState next = node.sourceAbandoned(this);
    if (next != null) {
      tellAllAbandoned(next);
    }
  }

  private static void tellAllAbandoned(FutureState first) {
    ArrayDeque<FutureState> untold = new ArrayDeque<>();
    for (FutureState future = first; future != null; future = untold.poll()) {
      if (future.state() instanceof Node stack) {
        for (Node node : future.waiting(stack).nodes) {
          FutureState next = node.sourceAbandoned(future);
          if (next != null) {
            untold.add(next);
          }
        }
      }
    }
  }

  /** The origin of a stack (or null) and its other elements in registration order. */
  private record Waiting(Derivation origin, List<Node> nodes) {

    void addDiscardTargets(ArrayDeque<FutureState> targets) {
      if (origin != null && origin.discardTarget() != null) {
        targets.add(origin.discardTarget());
      }
      for (Node node : nodes) {
        if (node instanceof Association association) {
          targets.add(association.source);
        }
      }
    }
  }

  private Waiting waiting(Node stack) {
    List<Node> nodes = new ArrayList<>(4);
    Node node = stack;
    for (; node != null && !isOrigin(node); node = node.next) {
      nodes.add(node);
    }
    Collections.reverse(nodes);
    return new Waiting((Derivation) node, nodes);
  }

  /* ---------------- Short cuts of long recursions ---------------- */

  /**
   * The forward of another {@code then}, if it is all that waits in the stack above {@code origin}
   * and no flag was ever set; else null.
   */
  final Forward onlyForward(ThenNode<?, ?> origin) {
    return state instanceof Forward forward
            && forward.flags == 0
            && forward.next == origin
            && forward.installedBy != null
        ? forward
        : null;
  }

  /** Makes {@code then}, the origin of this future, its whole state, in place of {@code top}. */
  final boolean follow(Forward top, ThenNode<?, ?> then) {
    return STATE.compareAndSet(this, top, then);
  }

  /** Makes this an ordinary future of what it followed. */
  private Object unfollow(ThenNode<?, ?> then) {
    Forward forward = new Forward(then.source(), this);
    if (STATE.compareAndSet(this, then, forward)) {
      then.source().attach(forward);
    }
    return state;
  }
}
