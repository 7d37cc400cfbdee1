package io.libprocess.future;

import java.util.ArrayDeque;

/**
 * Bounds how deeply functions given to {@link Future#then} nest on one thread. Up to {@link
 * #DEPTH} levels run at once, inside the call; what is nested deeper is put off until the
 * outermost level has returned, and run from a loop there. Used by its thread only.
 */
final class Trampoline {

  /** Small enough for a stack of 512 KiB, larger than any nesting that is not a recursion. */
  private static final int DEPTH = 48;

  private static final ThreadLocal<Trampoline> CURRENT = ThreadLocal.withInitial(Trampoline::new);

  private final ArrayDeque<Runnable> putOff = new ArrayDeque<>();
  private int depth;

  private Trampoline() {}

  static Trampoline current() {
    return CURRENT.get();
  }

  /** Goes one level down; {@link #exit} must follow. */
  static Trampoline enter() {
    Trampoline trampoline = CURRENT.get();
    trampoline.depth++;
    return trampoline;
  }

  boolean isFull() {
    return depth >= DEPTH;
  }

  void putOff(Runnable step) {
    putOff.addLast(step);
  }

  void exit() {
    if (depth == 1 && !putOff.isEmpty()) {
      drain();
    }
    depth--;
  }

  /** Runs what was put off: at the outermost level, or because the thread is about to block. */
  void drain() {
    for (Runnable step = putOff.pollFirst(); step != null; step = putOff.pollFirst()) {
      step.run();
    }
  }
}
