package io.libprocess.subprocess;

import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.WaitsForTasks;
import io.libprocess.settings.ThreadKind;
import io.libprocess.settings.Variables;
import java.util.concurrent.Executor;

/** The threads that serve subprocesses. They do not keep the JVM alive. */
final class BlockingThreads {

  private BlockingThreads() {}

  /** On a thread of a node, the node's threads for blocking calls; elsewhere the JVM's. */
  static Executor current() {
    RunLoop loop = RunLoop.current();
    if (loop != null) {
      return loop.scheduler().blocking();
    }
    return Thread.currentThread() instanceof WaitsForTasks simulated
        ? simulated.programs().orElse(Shared.EXECUTOR)
        : Shared.EXECUTOR;
  }

  /**
   * Platform threads for writes to a pipe, which may block for ever and would hold the carriers of
   * virtual threads.
   */
  static Executor platform() {
    return Platform.EXECUTOR;
  }

  /** A few platform threads, for short work. */
  static Executor few() {
    return Platform.FEW;
  }

  private static final class Shared {
    static final Executor EXECUTOR =
        new BlockingExecutor(
            "libprocess-subprocess-", ThreadKind.of(Variables.ofJvm()).areVirtual(), () -> {});
  }

  private static final class Platform {
    static final Executor EXECUTOR =
        new BlockingExecutor("libprocess-subprocess-io-", false, () -> {});
    static final Executor FEW =
        new LimitedExecutor(EXECUTOR, Math.max(2, Runtime.getRuntime().availableProcessors()));
  }
}
