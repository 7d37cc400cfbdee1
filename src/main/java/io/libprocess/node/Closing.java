package io.libprocess.node;

import io.libprocess.internal.Saturating;
import io.libprocess.internal.scheduler.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The waits by which a node is closed. An interrupt of the closing thread ends none of them, since
 * what is behind them has to be done all the same; the thread has its interrupt status again in the
 * end. Used by that thread only.
 */
public final class Closing implements AutoCloseable {

  private final Scheduler scheduler;
  private final long limit; // In nanoseconds, for each wait.
  private boolean interrupted;

  /** Waits that are that long at most, for what a scheduler runs. */
  public Closing(Scheduler scheduler, Duration limit) {
    this.scheduler = scheduler;
    this.limit = Saturating.nanos(limit);
    this.interrupted = Thread.interrupted(); // Other waits would end at once.
  }

  /** Waits for a future; whether it has come in time. */
  public boolean finishes(CompletableFuture<?> future) {
    while (true) {
      try {
        return scheduler.await(future, limit);
      } catch (InterruptedException e) {
        interrupted = true; // The time begins anew, once for each interrupt.
      }
    }
  }

  @Override
  public void close() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
