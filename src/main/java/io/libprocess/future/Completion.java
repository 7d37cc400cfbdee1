package io.libprocess.future;

import java.util.Collection;

/**
 * One element of the stack of what waits for a pending future (the JDK's {@code CompletableFuture}
 * has completions of the same kind). See {@link FutureState} for the protocol.
 */
abstract class Completion {

  private static final int FLAG_BITS = 8;
  private static final int FLAGS = (1 << FLAG_BITS) - 1;
  private static final int LEAST_BUDGET = 16;
  private static final int MOST_BUDGET = (1 << 31 - FLAG_BITS) - 1;

  Completion next; // The element pushed before; meaningless in the origin of a stack.

  // The future's flags as of this push, the current ones in the top element; and above them how
  // many
  // more may be pushed before the stack is swept.
  private int word;

  /* ---------------- Flags and budget ---------------- */

  final int flags() {
    return word & FLAGS;
  }

  /** Says what the flags will be once this is pushed on {@code below}, which may be null. */
  final void prepare(Completion below, int flags) {
    int budget = below == null ? LEAST_BUDGET : Math.max(1, below.word >> FLAG_BITS);
    next = below;
    word = budget - 1 << FLAG_BITS | flags;
  }

  /** Says what the flags will be once this is pushed on an origin or on nothing. */
  final void prepareFirst(Completion origin, int flags) {
    next = origin;
    word = LEAST_BUDGET - 1 << FLAG_BITS | flags;
  }

  /** Whether the stack of which this is the top should be swept. */
  final boolean needsSweep() {
    return word >> FLAG_BITS == 0;
  }

  /**
   * Lets so many more be pushed before the next sweep. Others may read the word meanwhile: either
   * budget does, and the flags are the same.
   */
  final void renewBudget(int live) {
    word = Math.min(MOST_BUDGET, Math.max(LEAST_BUDGET, live)) << FLAG_BITS | flags();
  }

  /* ---------------- What it does ---------------- */

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

  /** False if this has nothing left to do, ever: then it may be taken out of the stack. */
  boolean isLive() {
    return true;
  }

  /**
   * Runs because {@code source} has completed.
   *
   * @return null, or the stack of the future that this has thereby completed: {@link #completed}
   */
  abstract Completion fire(FutureState source);

  /** The future whose stack {@link #fire} has returned. */
  FutureState completed() {
    throw new AssertionError("completes nothing: " + getClass());
  }

  /** What runs in this element's place in an ordered list. */
  Completion self() {
    return this;
  }

  /**
   * Runs because {@code source} was abandoned.
   *
   * @return null, or the change of a future that has thereby been abandoned; those below it are not
   *     told
   */
  FlagChange sourceAbandoned(FutureState source) {
    return null;
  }

  /** Adds futures to be asked because the one in whose stack this is was asked to discard. */
  void addDiscardTargets(Collection<FutureState> targets) {}

  /** Runs because the future in whose stack this is was asked to discard, and then the targets. */
  void discardRequested() {}

  /** An element that is not there for completion. */
  abstract static class Passive extends Completion {
    @Override
    final boolean waitsForCompletion() {
      return false;
    }

    @Override
    final Completion fire(FutureState source) {
      return null;
    }
  }

  /** An element that only carries a change of the flags. */
  static final class FlagChange extends Passive {

    final FutureState owner; // In whose stack this is.

    FlagChange(FutureState owner) {
      this.owner = owner;
    }
  }

  /** Stands in an ordered list for an element whose own link must stay as it is. */
  static final class ListCell extends Completion {

    private final Completion element;

    ListCell(Completion element) {
      this.element = element;
    }

    @Override
    Completion self() {
      return element;
    }

    @Override
    Completion fire(FutureState source) {
      throw new AssertionError("only its element is fired");
    }
  }
}
