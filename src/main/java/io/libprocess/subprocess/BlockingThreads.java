package io.libprocess.subprocess;

import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.settings.ThreadKind;
import io.libprocess.settings.Variables;
import java.util.concurrent.Executor;

/** The threads that serve subprocesses. They do not keep the JVM up. */
final class BlockingThreads {

  private BlockingThreads() {}

  /** The node's threads for blocking calls on a thread of a node, elsewhere those of the JVM. */
  static Executor current() {
    RunLoop loop = RunLoop.current();
    return loop == null ? Shared.EXECUTOR : loop.scheduler().blocking();
  }

  /**
   * Threads for writes to a pipe, which may take for ever: on virtual threads that holds carriers.
   */
  static Executor platform() {
    return Platform.EXECUTOR;
  }

  /** A few platform threads, for what takes a moment. */
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
