package io.libprocess.subprocess;

import io.libprocess.internal.BlockingExecutor;
import io.libprocess.internal.RunLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The threads that serve subprocesses. They do not keep the JVM up. */
final class BlockingThreads {

  // Below, synchronized holds a virtual thread's carrier.
  private static final int UNPINNED = 24;

  private BlockingThreads() {}

  /** The node's threads for blocking calls on a thread of a node, elsewhere those of the JVM. */
  static Executor current() {
    RunLoop turn = RunLoop.current();
    return turn == null ? Shared.EXECUTOR : turn.scheduler().blocking();
  }

  /** Runs a task there, or here if the executor is closed: the child is not. */
  static void execute(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  /**
   * Threads for writes to a pipe, which may take for ever: on virtual threads that holds carriers.
   */
  static Executor platform() {
    return Platform.EXECUTOR;
  }

  /** A few platform threads, for what takes a moment. */
  static Executor crew() {
    return Platform.CREW;
  }

  private static final class Shared {
    static final Executor EXECUTOR =
        new BlockingExecutor(
            "libprocess-subprocess-", Runtime.version().feature() >= UNPINNED, () -> {});
  }

  private static final class Platform {
    static final Executor EXECUTOR =
        new BlockingExecutor("libprocess-subprocess-io-", false, () -> {});
    static final Executor CREW =
        new Crew(EXECUTOR, Math.max(2, Runtime.getRuntime().availableProcessors()));
  }
}
