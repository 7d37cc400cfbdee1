package io.libprocess.subprocess;

import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.internal.scheduler.WaitsForTasks;
import java.util.concurrent.Executor;

/**
 * The threads that serve subprocesses. They do not keep the JVM alive. All are platform threads:
 * virtual ones share a few carriers, which calls of users that compute can hold for long.
 */
final class BlockingThreads {

  private BlockingThreads() {}

  /** On a thread of a node, threads of the node; elsewhere the JVM's. */
  static Executor current() {
    Scheduler own = ThreadContext.scheduler();
    if (own != null) {
      return own.programs();
    }
    return Thread.currentThread() instanceof WaitsForTasks simulated
        ? simulated.programs().orElse(Shared.EXECUTOR)
        : Shared.EXECUTOR;
  }

  /** Threads for writes to a pipe, which may block for ever. */
  static Executor shared() {
    return Shared.EXECUTOR;
  }

  /** A few threads, for short work. */
  static Executor few() {
    return Shared.FEW;
  }

  private static final class Shared {
    static final Executor EXECUTOR =
        new BlockingExecutor("libprocess-subprocess-", false, () -> {});
    static final Executor FEW =
        new LimitedExecutor(EXECUTOR, Math.max(2, Runtime.getRuntime().availableProcessors()));
  }
}
