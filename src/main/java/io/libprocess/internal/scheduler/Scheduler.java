package io.libprocess.internal.scheduler;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs ready tasks. All user code runs through this interface, so that a simulation can decide the
 * order: it runs each task by {@link RunLoop#step} on a {@link RuntimeThread}.
 */
public interface Scheduler extends AutoCloseable {

  /**
   * Runs a task soon. On a thread of this scheduler the task stays there if possible, because
   * waking another core costs more than most tasks. May be called from any thread; the caller owns
   * the task and passes it on.
   *
   * <p>This never throws once it has been entered: a task that is passed on will run, or its {@link
   * Task#dropped} is called, whatever happens to the calling thread.
   */
  void ready(Task task);

  /** Runs a task after those that already wait. Called by a running task for itself. */
  void yield(Task task);

  /**
   * The run loop of the calling thread if that thread belongs to this scheduler; otherwise null.
   */
  default RunLoop current() {
    RunLoop loop = RunLoop.current();
    return loop != null && loop.scheduler() == this ? loop : null;
  }

  /** Runs an action when the calling thread has served its event, or now if it serves none. */
  default void atEnd(Runnable flush) {
    RunLoop.atEnd(flush);
  }

  /**
   * The executor of the user's blocking calls: virtual threads, or a pool that grows with the
   * calls.
   */
  Executor blocking();

  /**
   * The executor of the runtime's own work that may block or takes long: files, names, TLS
   * handshakes. It is not held up by the user's calls.
   */
  Executor internalBlocking();

  /**
   * The executor on which programs of the system are started, and their ends and outputs are told:
   * like {@link #internalBlocking}, since calls of the user that compute and never wait would hold
   * up all others on virtual threads.
   */
  default Executor programs() {
    return internalBlocking();
  }

  /**
   * Waits for a future that tasks of this scheduler complete. Called by a thread that is not its
   * own; a scheduler without threads runs its tasks meanwhile.
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

  /** The running tasks; empty if this scheduler cannot tell. Any thread may call this. */
  default List<Running> running() {
    return List.of();
  }

  /** The counts so far. Any thread may call this. */
  default SchedulerCounts counts() {
    return SchedulerCounts.NONE;
  }

  /** Whether tasks are dropped instead of run, because the scheduler is closed. */
  boolean isClosed();

  /**
   * Ends the threads, and waits a little for them. {@link Task#dropped} is called for tasks that
   * have not run, from now on by the thread that makes them ready. Called once, and not on one of
   * the threads.
   */
  @Override
  void close();
}
