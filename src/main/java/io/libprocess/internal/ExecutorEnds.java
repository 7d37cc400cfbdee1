package io.libprocess.internal;

import java.util.concurrent.Executor;

/**
 * Reports the end of executors that can tell their end: processes. The type that knows this
 * registers itself when its class is initialized, because the packages below know processes only as
 * executors. Thread-safe.
 */
public final class ExecutorEnds {

  /** Reports the ends of executors of some type. */
  public interface Watcher {

    /**
     * Calls a function once when an executor has ended, at once if it already has.
     *
     * @return cancels the watch; null if the executor is not of that type
     */
    Runnable watch(Executor executor, Runnable whenEnded);
  }

  private static volatile Watcher watcher = (executor, whenEnded) -> null;

  private ExecutorEnds() {}

  /** Registers the watcher. */
  public static void give(Watcher given) {
    watcher = given;
  }

  /**
   * Calls a function once when an executor has ended, at once if it already has; never if the
   * executor cannot tell its end.
   *
   * @return cancels the watch
   */
  public static Runnable watch(Executor executor, Runnable whenEnded) {
    Runnable undo = watcher.watch(executor, whenEnded);
    return undo == null ? () -> {} : undo;
  }
}
