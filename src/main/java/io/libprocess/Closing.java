package io.libprocess;

import io.libprocess.internal.Saturating;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The waits of {@link Node#close}. An interrupt of the closing thread ends none of them, since what
 * is behind them has to be done all the same; the thread has its interrupt status again in the end.
 * Used by that thread only.
 */
final class Closing implements AutoCloseable {

  private final long limit; // In nanoseconds, for each wait.
  private boolean interrupted;

  Closing(Duration limit) {
    this.limit = Saturating.nanos(limit);
    this.interrupted = Thread.interrupted(); // Other waits would end at once.
  }

  /** Waits for a future; whether it has come in time. */
  boolean finishes(CompletableFuture<?> future) {
    while (true) {
      try {
        future.get(limit, TimeUnit.NANOSECONDS);
        return true;
      } catch (InterruptedException e) {
        interrupted = true; // The time begins anew, once for each interrupt.
      } catch (ExecutionException | TimeoutException e) {
        return false;
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
