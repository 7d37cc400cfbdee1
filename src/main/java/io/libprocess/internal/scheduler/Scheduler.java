package io.libprocess.internal.scheduler;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What runs ready tasks. Everything that runs user code does so through this interface, so that a
 * simulation can decide the order: it runs each task by {@link RunLoop#step} on a {@link
 * RuntimeThread}.
 */
public interface Scheduler extends AutoCloseable {

  /**
   * Runs a task soon. On a thread of this scheduler the task stays there if possible, because
   * waking another core costs more than most tasks. May be called from any thread; the caller owns
   * the task and passes it on.
   *
   * <p>This never throws once it has been entered: a task that is passed on will run, or is told
   * that it was dropped, whatever happens to the calling thread.
   */
  void ready(Task task);

  /** Runs a task after those that wait already. Called by a running task for itself. */
  void yield(Task task);

  /** The run loop of the calling thread if that belongs to this scheduler; null if not. */
  default RunLoop current() {
    RunLoop loop = RunLoop.current();
    return loop != null && loop.scheduler() == this ? loop : null;
  }

  /** Runs something when the calling thread has served its event; now if it serves none. */
  default void atEnd(Runnable flush) {
    RunLoop.atEnd(flush);
  }

  /** Where the user's blocking calls run: virtual threads, or a pool that grows with the calls. */
  Executor blocking();

  /**
   * Where the runtime's own work runs that may block or takes long: files, names, TLS handshakes.
   * The user's calls do not hold it up.
   */
  Executor internalBlocking();

  /**
   * Waits for something that tasks of this scheduler bring about. Called by a thread that is none
   * of its own; a scheduler without threads runs its tasks meanwhile.
   *
   * @param nanos how long to wait
   * @return whether it has been completed normally in time
   */
  default boolean await(CompletableFuture<?> done, long nanos) throws InterruptedException {
    try {
      done.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | CancellationException | TimeoutException e) {
      return false;
    }
  }

  /** How many tasks can run at once. */
  int workers();

  /** How many events have been served so far: see {@link Activity#progress()}. */
  long progress();

  /** What runs just now; nothing if this scheduler cannot tell. Any thread may ask. */
  default List<Running> running() {
    return List.of();
  }

  /** What has been counted so far. Any thread may ask. */
  default SchedulerCounts counts() {
    return SchedulerCounts.NONE;
  }

  /** Whether tasks are dropped instead of run, because the scheduler is closed. */
  boolean isClosed();

  /**
   * Ends the threads, and waits a little for them. Tasks that have not run are told that they are
   * {@linkplain Task#dropped dropped}, from now on by whoever makes them ready. Called once, and
   * not on one of the threads.
   */
  @Override
  void close();
}
