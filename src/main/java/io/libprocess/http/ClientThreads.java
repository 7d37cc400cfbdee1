package io.libprocess.http;

import io.libprocess.internal.ForkJoinScheduler;
import io.libprocess.internal.Scheduler;
import io.libprocess.internal.Turn;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The threads of a client that has no node. */
final class ClientThreads implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger("io.libprocess");
  private static final String NAME = "libprocess-client";
  private static final Duration STALL_THRESHOLD = Duration.ofSeconds(1);

  private final Scheduler scheduler =
      new ForkJoinScheduler(
          NAME, 1, false, Clock.system(), STALL_THRESHOLD, (thread, context) -> report(thread));
  private final Transport transport = Transport.nio(scheduler, 1, NAME + "-io");
  private boolean closed;

  private static void report(Thread thread) {
    LOGGER.log(
        Level.WARNING,
        "A callback has been running for more than {0} on {1}",
        STALL_THRESHOLD,
        thread.getName());
  }

  Transport transport() {
    return transport;
  }

  Executor blocking() {
    return scheduler.blocking();
  }

  /**
   * Ends the threads. Idempotent.
   *
   * @throws IllegalStateException if called on one of them
   */
  @Override
  public synchronized void close() {
    Turn turn = Turn.current();
    if (turn != null && turn.scheduler() == scheduler) {
      throw new IllegalStateException("a client cannot be closed on one of its own threads");
    }
    if (!closed) {
      closed = true;
      transport.close();
      scheduler.close();
    }
  }
}
