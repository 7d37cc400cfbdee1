package io.libprocess.internal;

import java.util.function.Supplier;

/**
 * Where a thread keeps the request context that is current on it: an {@code
 * io.libprocess.context.Context}, a type that this room must not know, or null if that is empty. It
 * is a field of the thread's {@link Trampoline}, which completions look at anyway.
 *
 * <p><b>Two rules make contexts follow control.</b> What registers a function binds it to the
 * current context, if there is one. What runs functions that others have registered, such as the
 * completion of a future or the loop of a stage or connection, runs them in no context. So a
 * function that was registered in no context needs no wrapper to be run in none.
 *
 * <p><b>Cost.</b> Until the first context is entered in this JVM {@link #isUsed} is false, and
 * whoever registers looks at nothing else. It is a plain field: a thread has a context only if it
 * has entered one itself, or runs a function that was bound by a thread that had, and was handed
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
   * @return what to exit to
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

  /** Sets the context that was current before. */
  public static void exit(Object outer) {
    Trampoline.current().context = outer;
  }

  /** Does the same as {@link #enter}, and nothing while no context was ever entered. */
  public static Object switchTo(Object context) {
    return used ? enter(context) : null;
  }

  /** Goes back from {@link #switchTo}. */
  public static void switchBack(Object outer) {
    if (used) {
      exit(outer);
    }
  }

  /** A task that runs another one in the current context; that itself if there is none. */
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
   * Does something in no context: what the library registers for its own purposes, and which lives
   * longer than the request that happens to cause it.
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
