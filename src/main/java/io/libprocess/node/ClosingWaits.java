package io.libprocess.node;

import io.libprocess.internal.Saturating;
import io.libprocess.internal.scheduler.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The waits by which a node is closed. An interrupt of the closing thread ends none of them, since
 * the steps after them must be taken nevertheless; the thread's interrupt status is restored at the
 * end. Used only by that thread.
 */
public final class ClosingWaits implements AutoCloseable {

  private final Scheduler scheduler;
  private final long limit; // In nanoseconds, per wait.
  private boolean interrupted;

  /** Makes waits of a limited time for tasks of a scheduler. */
  public ClosingWaits(Scheduler scheduler, Duration limit) {
    this.scheduler = scheduler;
    this.limit = Saturating.nanos(limit);
    this.interrupted = Thread.interrupted(); // Otherwise waits would end at once.
  }

  /** Waits for that time, in which the node goes on to serve. */
  public static void delay(Scheduler scheduler, Duration time) {
    if (!time.isZero()) {
      try (ClosingWaits closing = new ClosingWaits(scheduler, time)) {
        closing.finishes(new CompletableFuture<>()); // Which never is.
      }
    }
  }

  /** Waits for a future, and tells whether it completed in time. */
  public boolean finishes(CompletableFuture<?> future) {
    while (true) {
      try {
        return scheduler.await(future, limit);
      } catch (InterruptedException e) {
        interrupted = true; // The time begins anew, once per interrupt.
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
