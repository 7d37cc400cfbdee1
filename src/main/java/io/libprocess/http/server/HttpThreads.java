package io.libprocess.http.server;

import io.libprocess.internal.ForkJoinScheduler;
import io.libprocess.internal.Log;
import io.libprocess.internal.PollingScheduler;
import io.libprocess.net.Transport;
import io.libprocess.net.nio.NioTransport;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The threads of a client or a server that has no node. */
public final class HttpThreads implements AutoCloseable {

  private static final Duration STALL_THRESHOLD = Duration.ofSeconds(1);

  private final PollingScheduler scheduler;
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
                (thread, context) -> report(thread))
            .start();
    transport = new NioTransport(scheduler, 1);
  }

  private static void report(Thread thread) {
    Log.warning(
        "A callback has been running for more than " + STALL_THRESHOLD + " on " + thread.getName());
  }

  public Transport transport() {
    return transport;
  }

  public Executor blocking() {
    return scheduler.internalBlocking();
  }

  /**
   * Ends the threads. Idempotent.
   *
   * @throws IllegalStateException if called on one of them
   */
  @Override
  public synchronized void close() {
    if (scheduler.current() != null) {
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
