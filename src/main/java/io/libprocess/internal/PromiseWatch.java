package io.libprocess.internal;

import java.util.Collection;

/**
 * Sees the promises that are made in simulated worlds, so that those which are never kept are
 * found. Elsewhere there is none, which costs each promise a look at one static field.
 */
public abstract class PromiseWatch {

  private static PromiseWatch installed; // Null until the first simulation in this JVM.

  /** For implementations. */
  protected PromiseWatch() {}

  /** The watch; null if there is none. */
  public static PromiseWatch installed() {
    return installed;
  }

  /** Installs the one watch of this JVM, for threads that are started later. */
  public static void install(PromiseWatch watch) {
    installed = watch;
  }

  /** Knows of what futures wait for; the package of futures defines it. */
  public interface Sources {

    /** A future, and all that it waits for, directly or not. */
    Collection<?> of(Object future);
  }

  private static volatile Sources sources; // Given when the class of promises is initialized.

  /** Registers the implementation. */
  public static void give(Sources given) {
    sources = given;
  }

  /** A future, and all that it waits for, directly or not. */
  public static Collection<?> sourcesOf(Object future) {
    return sources.of(future);
  }

  /** Says that a promise was made which need not be kept. */
  public static void exempt(Object future) {
    PromiseWatch watch = installed;
    if (watch != null) {
      watch.exempted(future);
    }
  }

  /** A promise was made, by any thread. */
  public abstract void made(Object future);

  /** The promise of a future need not be kept. */
  protected abstract void exempted(Object future);

  /** The promise of a future is given up, by any thread. */
  public abstract void abandoned(Object future);
}
