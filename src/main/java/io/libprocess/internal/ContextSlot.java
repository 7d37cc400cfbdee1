package io.libprocess.internal;

import java.util.function.Supplier;

/**
 * The slot in which a thread keeps its current request context: an {@code
 * io.libprocess.context.Context}, a type that this package must not know, or null if the context is
 * empty. The slot is a field of the thread's {@link Trampoline}, which completions look at anyway.
 *
 * <p><b>Two rules make contexts follow control.</b> Code that registers a function binds it to the
 * current context, if there is one. Code that runs functions registered by others, such as the
 * completion of a future or the loop of a stage or connection, runs them in no context. So a
 * function that was registered in no context needs no wrapper to run in none.
 *
 * <p><b>Cost.</b> Until the first context is entered in this JVM {@link #isUsed} is false, and
 * registering a function looks at nothing else. It is a plain field: a thread has a context only if
 * it has entered one itself, or runs a function that was bound by a thread that had, and was handed
 * over in a way that makes that write visible too.
 */
public final class ContextSlot {

  private static boolean used;

  private ContextSlot() {}

  /** Whether any thread may have a context. */
  public static boolean isUsed() {
    return used;
  }

  /** The current context; null if there is none. */
  public static Object get() {
    return used ? Trampoline.current().context : null;
  }

  /**
   * Sets the current context; {@link #exit} must follow, on this thread and whatever happens.
   *
   * @param context null for none
   * @return the outer context, for {@link #exit}
   */
  public static Object enter(Object context) {
    if (context != null && !used) {
      used = true;
      SendFlags.useContexts();
    }
    Trampoline trampoline = Trampoline.current();
    Object outer = trampoline.context;
    trampoline.context = context;
    return outer;
  }

  /** Restores the context that was current before. */
  public static void exit(Object outer) {
    Trampoline.current().context = outer;
  }

  /** Does the same as {@link #enter}, but nothing as long as no context was ever entered. */
  public static Object switchTo(Object context) {
    return used ? enter(context) : null;
  }

  /** Goes back from {@link #switchTo}. */
  public static void switchBack(Object outer) {
    if (used) {
      exit(outer);
    }
  }

  /**
   * Returns a task that runs the given one in the current context; the given one if there is no
   * context.
   */
  public static Runnable bind(Runnable task) {
    Object context = get();
    if (context == null) {
      return task;
    }
    return () -> {
      Object outer = enter(context);
      try {
        task.run();
      } finally {
        exit(outer);
      }
    };
  }

  /**
   * Runs a body in no context: for functions that the library registers for its own purposes, and
   * that outlive the request that happens to cause them.
   */
  public static <T> T outside(Supplier<T> body) {
    if (get() == null) {
      return body.get();
    }
    Object outer = enter(null);
    try {
      return body.get();
    } finally {
      exit(outer);
    }
  }
}
