package io.libprocess.future;

import io.libprocess.internal.Log;
import java.util.Collection;

/**
 * One element of the stack of a pending future: something that waits for it (the JDK's {@code
 * CompletableFuture} has completions of the same kind). See {@link FutureState} for the protocol.
 */
abstract class Completion {

  private static final int FLAG_BITS = 8;
  private static final int FLAGS = (1 << FLAG_BITS) - 1;
  private static final int LEAST_BUDGET = 16;
  private static final int MOST_BUDGET = (1 << 31 - FLAG_BITS) - 1;

  Completion next; // The element pushed before; meaningless in the origin of a stack.

  // The future's flags as of this push (in the top element, the current ones), and in the bits
  // above them how many more completions may be pushed before the stack is swept.
  private int word;

  /* ---------------- Flags and budget ---------------- */

  final int flags() {
    return word & FLAGS;
  }

  /** Sets the flags that hold once this is pushed onto {@code below}, which may be null. */
  final void prepare(Completion below, int flags) {
    int budget = below == null ? LEAST_BUDGET : Math.max(1, below.word >> FLAG_BITS);
    next = below;
    word = budget - 1 << FLAG_BITS | flags;
  }

  /** Sets the flags that hold once this is pushed onto an origin or an empty stack. */
  final void prepareFirst(Completion origin, int flags) {
    next = origin;
    word = LEAST_BUDGET - 1 << FLAG_BITS | flags;
  }

  /** Whether the stack of which this is the top should be swept. */
  final boolean needsSweep() {
    return word >> FLAG_BITS == 0;
  }

  /**
   * Sets how many more completions may be pushed before the next sweep. Other threads may read the
   * word meanwhile: either budget will do, and the flags are the same.
   */
  final void renewBudget(int live) {
    word = Math.min(MOST_BUDGET, Math.max(LEAST_BUDGET, live)) << FLAG_BITS | flags();
  }

  /* ---------------- Actions ---------------- */

  /**
   * Whether this runs on completion before the completions that wait for any kind of completion, as
   * the callbacks for one kind do.
   */
  boolean early() {
    return false;
  }

  /** Whether this has work to do on completion. */
  boolean waitsForCompletion() {
    return true;
  }

  /** Whether this may still have work to do; if not, it may be removed from the stack for good. */
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
   * Fails the future that {@link #fire} should have completed, because {@code fire} has thrown.
   *
   * @param thrown an {@code Error}
   * @return the same as {@link #fire}
   */
  Completion fail(Throwable thrown) {
    return null;
  }

  /** The future whose stack {@link #fire} or {@link #fail} has returned. */
  FutureState completed() {
    throw new AssertionError("completes nothing: " + getClass());
  }

  /** The completion that runs in this element's place in an ordered list. */
  Completion self() {
    return this;
  }

  /**
   * Runs because {@code source} was abandoned.
   *
   * @return null, or the change of a future that has thereby been abandoned; the elements below it
   *     have not been notified
   */
  FlagChange sourceAbandoned(FutureState source) {
    return null;
  }

  /** Adds the futures to which a discard request goes on from the future in whose stack this is. */
  void addDiscardTargets(Collection<FutureState> targets) {}

  /** Runs because the future in whose stack this is was asked to discard, before its targets do. */
  void discardRequested() {}

  /** An element that has nothing to do on completion. */
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

    final FutureState owner; // The future in whose stack this is.

    FlagChange(FutureState owner) {
      this.owner = owner;
    }
  }

  /** A cell of an ordered list that stands for an element whose own link must stay as it is. */
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
   * Runs the completions that waited for a completed future, and those of the futures that they
   * complete in turn. The thread that has completed the future owns its stack: see {@link
   * FutureState}.
   *
   * <p>All elements run, whatever one of them throws, even if there is no memory for a list of
   * them: they then run in a slower way that needs none. An element that cannot run fails the
   * future that depends on it.
   */
  static final class DetachedStack {

    private DetachedStack() {}

    /** Stacks not yet run, of futures that completed. */
    private record Pending(FutureState future, Completion list, Pending outer) {}

    static void load() {
      new Pending(null, new ListCell(new FlagChange(null)), null);
    }

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
        element.next = null; // The origin may live on; it must not keep others alive.
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

    /** The stack to be run later; null if there is no memory to note it. */
    private static Pending pending(FutureState future, Completion list, Pending outer) {
      try {
        return new Pending(future, list, outer);
      } catch (OutOfMemoryError e) {
        return null;
      }
    }

    /** Fires one of several, which must run even if this one cannot. */
    private static Completion fire(Completion completion, FutureState source) {
      Completion stack = null;
      try {
        return completion.fire(source);
      } catch (Throwable thrown) { // An Error: memory or stack is short.
        try {
          stack = completion.fail(thrown);
          Log.error("A completion of a future could not run", thrown);
        } catch (Throwable again) {
          // There is no stack even for these calls.
        }
        return stack;
      }
    }

    /* ------ Order ------ */

    /**
     * Lists a detached stack in the order in which it must run: the element pushed last is at the
     * top, and those that wait for one kind of completion run first. Null if nothing is left to
     * run, which includes the case that it has been run because there was no memory for a list.
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

    /** Runs a stack whose links must not change, without allocating and in quadratic time. */
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

    /**
     * The waiting element that was pushed next after another one, or the first one of all; null if
     * there is none.
     */
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
