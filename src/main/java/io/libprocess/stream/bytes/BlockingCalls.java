package io.libprocess.stream.bytes;

import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.internal.scheduler.RunLoop;
import java.util.concurrent.Executor;

/**
 * Where the calls of one stage run that may block: on the threads of the runtime that has started
 * it, or on those of the JVM. A call that is made on such a thread runs there and now, so stages
 * that block one after the other need no other thread.
 */
final class BlockingCalls {

  private static final ThreadLocal<Boolean> INSIDE = new ThreadLocal<>(); // Null is false.

  private static final class Shared {
    static final Executor EXECUTOR = new BlockingExecutor("libprocess-stream-", false, () -> {});
  }

  private final Executor executor;

  private BlockingCalls(Executor executor) {
    this.executor = executor;
  }

  /** For a stage that the calling thread starts. */
  static BlockingCalls here() {
    RunLoop loop = RunLoop.current();
    return new BlockingCalls(loop == null ? Shared.EXECUTOR : loop.scheduler().internalBlocking());
  }

  /** Whether the calling thread may block, because it makes such a call. */
  static boolean isInside() {
    return INSIDE.get() != null;
  }

  /**
   * Makes a call, now if this thread may block, otherwise on another one.
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
   * As {@link #run}, and where nobody runs it, on this thread. For what must not be left undone.
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
