package io.libprocess.internal.scheduler;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool.ManagedBlocker;

/**
 * A thread that cannot simply block, because the work that it waits for would have to be done by
 * itself, or by another thread only while this one is known to wait.
 */
public interface WaitsForTasks {

  /** Called on this thread in place of blocking; returns when the blocker is releasable. */
  void await(ManagedBlocker blocker);

  /**
   * The executor of the blocking calls that this thread makes while it is in no run loop.
   *
   * @throws IllegalStateException if it must not make any
   */
  Executor blocking();

  /** The executor of the programs that this thread starts; empty if it must not start any. */
  Optional<Executor> programs();

  /**
   * Called before this thread gets a clock that goes by the system's time.
   *
   * @throws IllegalStateException if it has a time of its own
   */
  void refuseSystemTime();
}
