package io.libprocess.internal;

/**
 * Bounds how deeply functions triggered by completions nest on a thread. Up to {@link #DEPTH}
 * levels run at once, inside the call; a step that is nested deeper, or for which the stack is too
 * short, is put off until the outermost level has returned, and run from a loop there. So each step
 * starts with the stack of {@link StackReserve#checkForCallbacks}, if the outermost level had it.
 *
 * <p>Used only by its thread. Steps that were put off run whatever one of them throws.
 */
public final class Trampoline {

  /** Small enough for a stack of 512 KiB, and larger than any nesting that is not a recursion. */
  private static final int DEPTH = 48;

  private static final ThreadLocal<Trampoline> CURRENT = ThreadLocal.withInitial(Trampoline::new);

  private Step first; // The steps that were put off, in order; may be null.
  private Step last; // Meaningless if there is no first.
  Object context; // See ContextSlot: it is kept here because completions have this at hand.
  private int depth;
  private boolean draining; // Whether the first level below runs a step that was put off.

  /**
   * A step that can be put off. At the end of the stack no lambda can be linked and no class can be
   * loaded, so the steps are classes with names, loaded in advance.
   */
  public abstract static class Step {

    private Step next;

    /** Runs the step, once. */
    protected abstract void run();
  }

  private Trampoline() {}

  /** The trampoline of the current thread. */
  public static Trampoline current() {
    return CURRENT.get();
  }

  /** Whether the current thread is on any level. */
  static boolean isInside() {
    return CURRENT.get().depth > 0;
  }

  /**
   * Goes one level down; {@link #exit} must follow, and have enough stack: see {@link
   * StackReserve#checkLittle}.
   */
  public static Trampoline enter() {
    Trampoline trampoline = CURRENT.get();
    trampoline.depth++;
    return trampoline;
  }

  /**
   * Runs a task that is independent of the current activity of the thread, such as an event of
   * another process: steps that the task puts off run before this returns.
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

  /** Like {@link #isFull}, but also true if the stack is short. */
  public boolean isFullOrShort() {
    return isFull() || isShort();
  }

  /**
   * Whether a step entered from another level has too little stack. This is false for a step that
   * was put off, because it would not get more: putting it off again would never end.
   */
  public boolean isShort() {
    return depth > (draining ? 2 : 1) && StackReserve.isShort();
  }

  /** Has a step run when the outermost level has returned. */
  public void putOff(Step step) {
    if (first == null) {
      first = step;
    } else {
      last.next = step;
    }
    last = step;
  }

  /** Sets no context; what {@link #resume} takes to set the one there was. */
  public Object suspend() {
    Object suspended = context;
    if (suspended != null) {
      context = null;
    }
    return suspended;
  }

  /** Sets the context that was suspended. */
  public void resume(Object suspended) {
    if (suspended != null) {
      context = suspended;
    }
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

  /**
   * Runs the steps that were put off: at the outermost level, or because the thread is about to
   * block.
   */
  public void drain() {
    if (first == null) {
      return;
    }
    int outer = depth;
    boolean outerDraining = draining;
    Object outerContext = suspend();
    depth = 1; // Or else what is run here would be put off again.
    draining = true;
    try {
      for (Step step = first; step != null; step = first) {
        first = step.next;
        run(step);
      }
    } finally {
      depth = outer;
      draining = outerDraining;
      resume(outerContext);
    }
  }

  private static void run(Step step) {
    try {
      step.run();
    } catch (Throwable thrown) { // An Error: memory or stack is short.
      Log.error("A nested callback that was put off could not run", thrown);
    }
  }
}
