package io.libprocess.internal;

import java.util.ArrayDeque;

/**
 * Bounds how deeply the functions that one completion leads to nest on a thread. Up to {@link
 * #DEPTH} levels run at once, inside the call; what is nested deeper is put off until the outermost
 * level has returned, and run from a loop there. Used by its thread only.
 */
public final class Trampoline {

  /** Small enough for a stack of 512 KiB, larger than any nesting that is not a recursion. */
  private static final int DEPTH = 48;

  private static final ThreadLocal<Trampoline> CURRENT = ThreadLocal.withInitial(Trampoline::new);

  private ArrayDeque<Runnable> putOff; // Null until something is put off.
  private int depth;

  private Trampoline() {}

  /** The one of the current thread. */
  public static Trampoline current() {
    return CURRENT.get();
  }

  /** Goes one level down; {@link #exit} must follow. */
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

  /** Whether the next step should be {@linkplain #putOff put off}. */
  public boolean isFull() {
    return depth >= DEPTH;
  }

  /** Runs a step when the outermost level has returned. */
  public void putOff(Runnable step) {
    if (putOff == null) {
      putOff = new ArrayDeque<>();
    }
    putOff.addLast(step);
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
    if (putOff == null) {
      return;
    }
    int outer = depth;
    depth = 1; // Or else what is run here would be put off again.
    try {
      for (Runnable step = putOff.pollFirst(); step != null; step = putOff.pollFirst()) {
        step.run();
      }
    } finally {
      depth = outer;
    }
  }
}
