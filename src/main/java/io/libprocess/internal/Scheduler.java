package io.libprocess.internal;

import java.util.concurrent.Executor;

/**
 * Who runs a ready task. Everything that runs user code does so through this interface, so that a
 * simulation can decide the order.
 */
public interface Scheduler extends AutoCloseable {

  /**
   * Runs a task soon. On a thread of this scheduler the task stays there if possible, because
   * waking another core costs more than most tasks. May be called from any thread; the caller owns
   * the task and passes it on.
   */
  void ready(Task task);

  /** Runs a task after those that wait already. Called by a running task for itself. */
  void yield(Task task);

  /** Where blocking calls run: virtual threads, or a pool that grows with the calls. */
  Executor blocking();

  /** How many tasks can run at once. */
  int workers();

  /** How many events have been served so far: see {@link Activity#progress()}. */
  long progress();

  /** A turn for another kind of runtime thread, which runs tasks between polls for I/O. */
  RunLoop newLoopTurn(Runnable whenStuck);

  /** Forgets a turn made by {@link #newLoopTurn}. */
  void retire(RunLoop turn);

  /**
   * Ends the threads, and waits a little for them. Tasks that have not run are told that they are
   * {@linkplain Task#dropped dropped}, from now on by whoever makes them ready. To be called once,
   * and not on one of the threads.
   */
  @Override
  void close();
}
