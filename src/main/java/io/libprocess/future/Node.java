package io.libprocess.future;

import java.util.Collection;

/**
 * One element of the stack of things that wait for a pending future. See {@link FutureState} for
 * the protocol.
 */
abstract class Node {

  Node next; // The element pushed before; meaningless in the origin of a stack.
  byte flags; // The future's flags as of this push: the top element's are the current ones.

  /**
   * Whether this runs on completion before those that wait for any kind of completion, as the
   * callbacks for one kind do.
   */
  boolean early() {
    return false;
  }

  /** Whether this has work to do on completion. */
  boolean waitsForCompletion() {
    return true;
  }

  /**
   * Runs because {@code source} has completed.
   *
   * @return null, or the stack of the future that this has thereby completed: {@link #completed}
   */
  abstract Node fire(FutureState source);

  /** The future whose stack {@link #fire} has returned. */
  FutureState completed() {
    throw new AssertionError("completes nothing: " + getClass());
  }

  /** What runs in this element's place in an ordered list. */
  Node self() {
    return this;
  }

  /**
   * Runs because {@code source} was abandoned.
   *
   * @return null, or the mark of a future that has thereby been abandoned; those below are not told
   */
  Mark sourceAbandoned(FutureState source) {
    return null;
  }

  /** Adds futures to be asked because the one in whose stack this is was asked to discard. */
  void addDiscardTargets(Collection<FutureState> targets) {}

  /** Runs because the future in whose stack this is was asked to discard, and then the targets. */
  void discardRequested() {}
}
