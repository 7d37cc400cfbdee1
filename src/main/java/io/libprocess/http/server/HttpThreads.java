package io.libprocess.http.server;

import io.libprocess.internal.ForkJoinScheduler;
import io.libprocess.internal.Log;
import io.libprocess.internal.RunLoop;
import io.libprocess.internal.Scheduler;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The threads of a client or a server that has no node. */
public final class HttpThreads implements AutoCloseable {

  private static final Duration STALL_THRESHOLD = Duration.ofSeconds(1);

  private final Scheduler scheduler;
  private final Transport transport;
  private boolean closed;

  /** Threads whose names begin so; at most {@code workers} of them run callbacks. */
  public HttpThreads(String name, int workers) {
    scheduler =
        new ForkJoinScheduler(
            name,
            workers,
            false,
            Clock.system(),
            STALL_THRESHOLD,
            (thread, context) -> report(thread));
    transport = Transport.nio(scheduler, 1, name + "-io");
  }

  private static void report(Thread thread) {
    Log.warning(
        "A callback has been running for more than " + STALL_THRESHOLD + " on " + thread.getName());
  }

  public Transport transport() {
    return transport;
  }

  public Executor blocking() {
    return scheduler.blocking();
  }

  /**
   * Ends the threads. Idempotent.
   *
   * @throws IllegalStateException if called on one of them
   */
  @Override
  public synchronized void close() {
    RunLoop turn = RunLoop.current();
    if (turn != null && turn.scheduler() == scheduler) {
      throw new IllegalStateException(
          "not to be closed on one of its own threads: " + Thread.currentThread().getName());
    }
    if (!closed) {
      closed = true;
      transport.close();
      scheduler.close();
    }
  }
}
