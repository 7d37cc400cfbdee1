package io.libprocess.internal.scheduler;

import io.libprocess.internal.FailureWatch;
import io.libprocess.internal.Log;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An executor with one thread for each blocking call: virtual, or a reused platform thread. The
 * threads keep nothing of the thread that first needed them: no inheritable thread-locals, no class
 * loader, no interrupt. As an activity it is busy while a call waits for its thread or runs.
 */
public final class BlockingExecutor implements Executor, Activity, AutoCloseable {

  private final ExecutorService service;
  private final Runnable bindContext;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private volatile FailureWatch.Origin origin; // Null unless they belong to a node.

  /**
   * Makes an executor that starts threads as calls need them.
   *
   * @param name the prefix of the names of platform threads
   * @param virtual whether to use virtual threads
   * @param bindContext runs on each thread before a call
   * @throws IllegalArgumentException if this JDK has no virtual threads
   */
  public BlockingExecutor(String name, boolean virtual, Runnable bindContext) {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory named =
        body -> {
          Thread thread = new Thread(null, body, name + number.incrementAndGet(), 0, false);
          thread.setDaemon(true);
          thread.setContextClassLoader(BlockingExecutor.class.getClassLoader());
          return thread;
        };
    this.bindContext = bindContext;
    service = virtual ? virtualThreads() : platformThreads(named);
  }

  /** Sets the origin of the users' calls, which hears of failures that nobody looks at. */
  public void tellIgnored(FailureWatch.Origin ofCalls) {
    origin = ofCalls;
  }

  /** The origin of the users' calls; null if none was set. */
  public FailureWatch.Origin origin() {
    return origin;
  }

  // By name, because the code is compiled for JDK 17.
  private static ExecutorService virtualThreads() {
    try {
      Class<?> builder = Class.forName("java.lang.Thread$Builder");
      Object made = Thread.class.getMethod("ofVirtual").invoke(null);
      made = builder.getMethod("inheritInheritableThreadLocals", boolean.class).invoke(made, false);
      ThreadFactory threads = (ThreadFactory) builder.getMethod("factory").invoke(made);
      return (ExecutorService)
          Executors.class
              .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
              .invoke(null, threads);
    } catch (NoSuchMethodException | ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "virtual threads need JDK 21 or newer, this is " + Runtime.version(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("virtual threads are not available", e);
    }
  }

  private static ExecutorService platformThreads(ThreadFactory factory) {
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
  }

  /**
   * Runs a call on a separate thread.
   *
   * @throws RejectedExecutionException if this is closed, or no thread can be started
   */
  @Override
  public void execute(Runnable call) {
    begun.incrementAndGet();
    boolean accepted = false;
    try {
      service.execute(() -> run(call));
      accepted = true;
    } catch (RejectedExecutionException e) {
      throw new RejectedExecutionException("the runtime is closed", e);
    } catch (OutOfMemoryError e) { // The JDK's way to report too many threads.
      throw new RejectedExecutionException("no thread can be started: " + e.getMessage(), e);
    } finally {
      if (!accepted) {
        ended.incrementAndGet();
      }
    }
  }

  private void run(Runnable call) {
    try {
      bind();
      call.run();
    } catch (Throwable thrown) { // Otherwise it would end the thread, and only be printed.
      Log.error("A blocking call threw", thrown);
    } finally {
      ended.incrementAndGet();
    }
  }

  /** If memory is short for this, the call must run all the same: somebody waits for its end. */
  private void bind() {
    try {
      bindContext.run();
    } catch (Throwable thrown) {
      Log.error("A thread for a blocking call does not know its node", thrown);
    }
  }

  @Override
  public boolean isIdle() {
    return ended.get() == begun.get(); // In this order: it was idle when `begun` is read.
  }

  @Override
  public long progress() {
    return begun.get();
  }

  /** How many calls run or wait for their thread. */
  long underWay() {
    long over = ended.get(); // First: it is never more than have begun.
    return begun.get() - over;
  }

  ExecutorService service() {
    return service;
  }

  /** Interrupts the calls that are running, and does not wait for them. */
  @Override
  public void close() {
    service.shutdownNow();
  }
}
