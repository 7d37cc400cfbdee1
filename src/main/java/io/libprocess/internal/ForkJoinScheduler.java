package io.libprocess.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** The default scheduler: a {@link ForkJoinPool} in FIFO mode, and a {@link Watchdog}. */
public final class ForkJoinScheduler implements Scheduler {

  /** How many threads may be added while workers block. */
  private static final int SPARE_THREADS = 256;

  /** How long closing waits for threads, each time it does. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private final ForkJoinPool pool;
  private final Watchdog watchdog;
  private final BlockingExecutor blocking;
  private final Object clock;
  private final List<RunLoop> turns = new CopyOnWriteArrayList<>();
  private final Object retirement = new Object();
  private long retiredEvents; // Guarded by retirement.
  private final AtomicInteger workerNumber = new AtomicInteger();
  private volatile boolean closed;

  /**
   * Starts the scheduler.
   *
   * @param name prefix of the threads' names
   * @param workers how many tasks may run at once
   * @param virtualThreads whether blocking calls run on virtual threads
   * @param clock what {@link ThreadContext#clock} gives on the threads
   * @param stallThreshold how long one event may take
   * @param stalled told the thread and the context of a turn that takes longer, once for each event
   */
  public ForkJoinScheduler(
      String name,
      int workers,
      boolean virtualThreads,
      Object clock,
      Duration stallThreshold,
      BiConsumer<Thread, Object> stalled) {
    this.clock = clock;
    this.watchdog = new Watchdog(name + "-watchdog", turns, this::submit, stallThreshold, stalled);
    this.blocking = new BlockingExecutor(name + "-async-", virtualThreads, this::bindContext);
    this.pool =
        new ForkJoinPool(
            workers,
            p -> new Worker(p, this, name + "-worker-" + workerNumber.incrementAndGet()),
            null,
            true,
            workers,
            workers + SPARE_THREADS,
            1,
            saturated -> true,
            60,
            TimeUnit.SECONDS);
    watchdog.start();
  }

  @Override
  public void ready(Task task) {
    RunLoop turn = RunLoop.current();
    if (turn == null || turn.scheduler() != this) {
      submit(task);
    } else if (!turn.accept(task)) {
      fork(task);
    }
  }

  @Override
  public void yield(Task task) {
    RunLoop turn = RunLoop.current();
    if (turn == null || !turn.isWorker()) {
      submit(task);
    } else if (hasWaiting()) {
      queue(task, turn);
    } else if (!turn.accept(task)) {
      fork(task);
    }
  }

  /** Whether a task waits for a worker; forking one when none does would only wake another core. */
  boolean hasWaiting() {
    return pool.hasQueuedSubmissions() || pool.getQueuedTaskCount() > 0;
  }

  /** Puts a task behind those that wait, on a worker. */
  void queue(Task task, RunLoop turn) {
    if (turn.isExpired()) {
      // A worker never looks beyond its own queue while that holds something, so a task that is
      // always ready has to leave it now and then for the others' sake.
      watchdog.resubmit(task);
    } else {
      fork(task);
    }
  }

  private void fork(Task task) {
    if (closed) {
      task.dropped();
    } else {
      task.fork();
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Hands a task to the pool, from any thread. */
  void submit(Task task) {
    try {
      pool.execute(task);
      noteActivity();
    } catch (RejectedExecutionException e) {
      task.dropped(); // Closed.
    }
  }

  void noteActivity() {
    watchdog.wake();
  }

  void bindContext() {
    ThreadContext.bindClock(clock);
  }

  RunLoop newWorkerTurn() {
    return register(new RunLoop(this, false, () -> {}));
  }

  @Override
  public RunLoop newLoopTurn(Runnable whenStuck) {
    return register(new RunLoop(this, true, whenStuck));
  }

  private RunLoop register(RunLoop turn) {
    turns.add(turn);
    return turn;
  }

  @Override
  public void retire(RunLoop turn) {
    synchronized (retirement) {
      retiredEvents += turn.events();
      turns.remove(turn);
    }
  }

  @Override
  public long progress() {
    synchronized (retirement) { // So that no turn counts twice, or not at all.
      long sum = retiredEvents;
      for (RunLoop turn : turns) {
        sum += turn.events();
      }
      return sum;
    }
  }

  @Override
  public Executor blocking() {
    return blocking;
  }

  @Override
  public int workers() {
    return pool.getParallelism();
  }

  @Override
  public void close() {
    closed = true;
    blocking.close();
    pool.shutdown(); // Lets what is queued be dropped by the workers.
    if (!ends(pool)) {
      pool.shutdownNow();
      ends(pool);
    }
    ends(blocking.service());
    watchdog.close();
  }

  private static boolean ends(ExecutorService service) {
    try {
      return service.awaitTermination(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
