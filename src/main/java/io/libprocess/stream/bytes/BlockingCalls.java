package io.libprocess.stream.bytes;

import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.internal.scheduler.RunLoop;
import java.util.concurrent.Executor;

/**
 * Runs the blocking calls of one stage: on the threads of the runtime that has started it, or on
 * those of the JVM. A call made on such a thread runs there at once, so stages that block one after
 * the other need no other thread.
 */
final class BlockingCalls {

  private static final ThreadLocal<Boolean> INSIDE = new ThreadLocal<>(); // Null means false.

  private static final class Shared {
    static final Executor EXECUTOR = new BlockingExecutor("libprocess-stream-", false, () -> {});
  }

  private final Executor executor;

  private BlockingCalls(Executor executor) {
    this.executor = executor;
  }

  /** Makes the caller for a stage that the current thread starts. */
  static BlockingCalls here() {
    RunLoop loop = RunLoop.current();
    return new BlockingCalls(loop == null ? Shared.EXECUTOR : loop.scheduler().internalBlocking());
  }

  /** Whether the calling thread may block, because it is inside such a call. */
  static boolean isInside() {
    return INSIDE.get() != null;
  }

  /**
   * Runs a call, at once if this thread may block, otherwise on another one.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the runtime is closed
   */
  void run(Runnable call) {
    if (isInside()) {
      call.run();
    } else {
      executor.execute(() -> runInside(call));
    }
  }

  /**
   * Like {@link #run}, but on this thread if no other can run it. For calls that must not be
   * skipped.
   */
  void runAnyhow(Runnable call) {
    try {
      run(call);
    } catch (RuntimeException e) {
      call.run();
    }
  }

  private static void runInside(Runnable call) {
    INSIDE.set(true);
    try {
      call.run();
    } finally {
      INSIDE.remove();
    }
  }
}
