package io.libprocess.internal;

/**
 * Bounds how deeply the functions that one completion leads to nest on a thread. Up to {@link
 * #DEPTH} levels run at once, inside the call; what is nested deeper, or where the stack is short,
 * is put off until the outermost level has returned, and run from a loop there. So what runs has
 * the room of {@link StackReserve#checkForCallbacks} at its start, if the outermost level had.
 *
 * <p>Used by its thread only. Steps that were put off run whatever one of them throws.
 */
public final class Trampoline {

  /** Small enough for a stack of 512 KiB, larger than any nesting that is not a recursion. */
  private static final int DEPTH = 48;

  private static final ThreadLocal<Trampoline> CURRENT = ThreadLocal.withInitial(Trampoline::new);

  private Step first; // What was put off, in order; null if nothing was.
  private Step last; // Meaningless if there is no first.
  private int depth;
  private boolean draining; // Whether the first level below runs a step that was put off.

  /** Something put off. */
  private static final class Step {
    private final Runnable action;
    private Step next;

    Step(Runnable action) {
      this.action = action;
    }
  }

  private Trampoline() {}

  /** The one of the current thread. */
  public static Trampoline current() {
    return CURRENT.get();
  }

  /** Whether the current thread is on some level. */
  static boolean isInside() {
    return CURRENT.get().depth > 0;
  }

  /**
   * Goes one level down; {@link #exit} must follow, and have room on the stack: see {@link
   * StackReserve#checkLittle}.
   */
  public static Trampoline enter() {
    Trampoline trampoline = CURRENT.get();
    trampoline.depth++;
    return trampoline;
  }

  /**
   * Runs a task that has nothing to do with what the current thread is in the middle of, such as an
   * event of another process: what the task puts off runs before this returns.
   */
  public static void runApart(Runnable task) {
    Trampoline interrupted = CURRENT.get();
    CURRENT.set(new Trampoline());
    try {
      task.run();
    } finally {
      CURRENT.set(interrupted);
    }
  }

  /** Whether the next step should be {@linkplain #putOff put off}, because of the depth. */
  public boolean isFull() {
    return depth >= DEPTH;
  }

  /** As {@link #isFull}, or because there is little room on the stack. */
  public boolean isFullOrShort() {
    return isFull() || isShort();
  }

  /**
   * Whether what has been entered from another level finds little room on the stack. A step that
   * was put off does not, because it will not get more: to put it off again would have no end.
   */
  public boolean isShort() {
    return depth > (draining ? 2 : 1) && StackReserve.isShort();
  }

  /** Runs a step when the outermost level has returned; if there is no memory to do so, now. */
  public void putOff(Runnable action) {
    Step step;
    try {
      step = new Step(action);
    } catch (OutOfMemoryError e) {
      action.run();
      return;
    }
    if (first == null) {
      first = step;
    } else {
      last.next = step;
    }
    last = step;
  }

  /** Goes one level up. */
  public void exit() {
    try {
      if (depth == 1) {
        drain();
      }
    } finally {
      depth--;
    }
  }

  /** Runs what was put off: at the outermost level, or because the thread is about to block. */
  public void drain() {
    if (first == null) {
      return;
    }
    int outer = depth;
    boolean outerDraining = draining;
    depth = 1; // Or else what is run here would be put off again.
    draining = true;
    try {
      for (Step step = first; step != null; step = first) {
        first = step.next;
        run(step.action);
      }
    } finally {
      depth = outer;
      draining = outerDraining;
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (Throwable thrown) { // An Error: memory or stack are short.
      Log.error("A step that was put off could not run", thrown);
    }
  }
}
