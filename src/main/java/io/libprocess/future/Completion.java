package io.libprocess.future;

import io.libprocess.internal.Log;
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

  /**
   * Gives up, because {@link #fire} has thrown: what should have been completed fails.
   *
   * @param thrown an {@code Error}
   * @return as {@link #fire} does
   */
  Completion fail(Throwable thrown) {
    return null;
  }

  /** The future whose stack {@link #fire} or {@link #fail} has returned. */
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

  /**
   * Runs what waited for a future that has been completed, and for those that are completed
   * thereby. Whoever has completed the future owns its stack: see {@link FutureState}.
   *
   * <p>All elements run, whatever one of them throws, and also if there is no memory for a list of
   * them: then in another way, which takes longer. One that cannot run fails what waits for it.
   */
  static final class DetachedStack {

    private DetachedStack() {}

    /** Stacks not yet run, of futures that completed. */
    private record Pending(FutureState future, Completion list, Pending outer) {}

    /** Runs the detached stack of a completed future and of all futures completed thereby. */
    static void run(FutureState future, Completion stack) {
      runList(future, listed(future, stack));
    }

    private static void runList(FutureState first, Completion all) {
      FutureState future = first;
      Completion list = all;
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
        Completion element = list;
        Completion completion = element.self();
        list = element.next;
        element.next = null; // It may live on as an origin; the others may not for its sake.
        Completion fired = fire(completion, future);
        if (fired != null) {
          FutureState completed = completion.completed();
          Completion more = listed(completed, fired);
          if (list == null) {
            future = completed;
            list = more;
          } else if (more != null) {
            Pending rest = pending(future, list, outer);
            if (rest == null) {
              runList(completed, more);
            } else {
              outer = rest;
              future = completed;
              list = more;
            }
          }
        }
      }
    }

    /** What is to be run later; null if there is no memory to note it. */
    private static Pending pending(FutureState future, Completion list, Pending outer) {
      try {
        return new Pending(future, list, outer);
      } catch (OutOfMemoryError e) {
        return null;
      }
    }

    /** Fires one of several, which must run even if this one cannot. */
    private static Completion fire(Completion completion, FutureState source) {
      try {
        return completion.fire(source);
      } catch (Throwable thrown) { // An Error: memory or stack are short.
        Completion stack = fail(completion, thrown);
        Log.error("What waited for a future could not run", thrown);
        return stack;
      }
    }

    private static Completion fail(Completion completion, Throwable thrown) {
      try {
        return completion.fail(thrown);
      } catch (Throwable again) {
        return null;
      }
    }

    /* ------ Order ------ */

    /**
     * Lists a detached stack in the order in which it has to run: the last that was pushed stands
     * at the top, and what waits for one kind of completion is early. Null if nothing is to be run,
     * also if it has been run because there was no memory for a list.
     */
    private static Completion listed(FutureState future, Completion stack) {
      try {
        return inOrder(future, stack);
      } catch (OutOfMemoryError e) {
        runInPlace(future, stack);
        return null;
      }
    }

    private static Completion inOrder(FutureState future, Completion stack) {
      boolean shared = future.isShared(stack);
      Completion early = null;
      Completion any = null;
      for (Completion completion = stack; completion != null && !future.isOrigin(completion); ) {
        Completion below = completion.next;
        if (completion.waitsForCompletion()) {
          Completion element = shared ? new ListCell(completion) : completion;
          if (completion.early()) {
            element.next = early;
            early = element;
          } else {
            element.next = any;
            any = element;
          }
        }
        completion = below;
      }
      if (early == null || any == null) {
        return early == null ? any : early;
      }
      Completion last = early;
      while (last.next != null) {
        last = last.next;
      }
      last.next = any;
      return early;
    }

    /** Runs a stack whose links must stay, without memory and in quadratic time. */
    static void runInPlace(FutureState future, Completion stack) {
      runInPlace(future, stack, true);
      runInPlace(future, stack, false);
    }

    private static void runInPlace(FutureState future, Completion stack, boolean early) {
      Completion next = lowestAbove(null, future, stack, early);
      while (next != null) {
        Completion fired = fire(next, future);
        if (fired != null) {
          run(next.completed(), fired);
        }
        next = lowestAbove(next, future, stack, early);
      }
    }

    /** The element pushed after another one, or the first, that waits; null if there is none. */
    private static Completion lowestAbove(
        Completion below, FutureState future, Completion stack, boolean early) {
      Completion lowest = null;
      for (Completion element = stack;
          element != null && element != below && !future.isOrigin(element);
          element = element.next) {
        if (element.waitsForCompletion() && element.early() == early) {
          lowest = element;
        }
      }
      return lowest;
    }
  }
}
