package io.libprocess.internal;

import java.util.concurrent.Executor;

/**
 * Tells when an executor has ended, if it is one that ends and can say so: a process. The type that
 * knows gives itself in when its class is initialized, because rooms below know processes as
 * executors only. May be used by any thread.
 */
public final class ExecutorEnds {

  /** Knows when executors of some type have ended. */
  public interface Watcher {

    /**
     * Has a function called once, when an executor has ended, at once if it has.
     *
     * @return undoes it; null if the executor is not of that type
     */
    Runnable watch(Executor executor, Runnable whenEnded);
  }

  private static volatile Watcher watcher = (executor, whenEnded) -> null;

  private ExecutorEnds() {}

  /** Says who knows. */
  public static void give(Watcher given) {
    watcher = given;
  }

  /**
   * Has a function called once, when an executor has ended, at once if it has; never if the
   * executor does not say so.
   *
   * @return undoes it
   */
  public static Runnable watch(Executor executor, Runnable whenEnded) {
    Runnable undo = watcher.watch(executor, whenEnded);
    return undo == null ? () -> {} : undo;
  }
}
