package io.libprocess.internal;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One thread for each blocking call: virtual, or reused platform threads. As an activity it is busy
 * while a call waits for its thread or runs.
 */
public final class BlockingExecutor implements Executor, Activity, AutoCloseable {

  private final ExecutorService service;
  private final Runnable bindContext;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();

  /**
   * An executor that starts threads when there is something to run.
   *
   * @param name prefix of the names of platform threads
   * @param virtual whether to use virtual threads
   * @param bindContext run on each thread before a call
   * @throws IllegalArgumentException if this JDK has no virtual threads
   */
  public BlockingExecutor(String name, boolean virtual, Runnable bindContext) {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory named =
        body -> {
          Thread thread = new Thread(body, name + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    this.bindContext = bindContext;
    service = virtual ? virtualThreads() : platformThreads(named);
  }

  // Looked up by name because the code is compiled for JDK 17.
  private static ExecutorService virtualThreads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(
          "virtual threads need JDK 21 or newer, this is " + Runtime.version(), e);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("virtual threads are not available", e);
    }
  }

  private static ExecutorService platformThreads(ThreadFactory factory) {
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
  }

  @Override
  public void execute(Runnable call) {
    begun.incrementAndGet();
    boolean accepted = false;
    try {
      service.execute(
          () -> {
            try {
              bindContext.run();
              call.run();
            } finally {
              ended.incrementAndGet();
            }
          });
      accepted = true;
    } finally {
      if (!accepted) {
        ended.incrementAndGet();
      }
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

  ExecutorService service() {
    return service;
  }

  /** Interrupts the calls that are running, and does not wait for them. */
  @Override
  public void close() {
    service.shutdownNow();
  }
}
