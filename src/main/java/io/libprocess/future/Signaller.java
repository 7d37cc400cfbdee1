package io.libprocess.future;

import io.libprocess.internal.Trampoline;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.internal.scheduler.WaitsForTasks;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;

/**
 * Blocks a thread until a future is completed. A worker tells its pool, which may then use another
 * thread in its place.
 */
final class Signaller extends Completion implements ForkJoinPool.ManagedBlocker {

  private final CountDownLatch latch = new CountDownLatch(1); // Open when the wait is over.

  static void await(Future<?> future) {
    if (future.isPending()) {
      new Signaller().block(future);
    }
  }

  static boolean await(Future<?> future, Duration limit) {
    if (future.isPending() && !limit.isNegative() && !limit.isZero()) {
      Signaller signaller = new Signaller();
      Timer timer = Clock.current().timer(limit, signaller.latch::countDown);
      try {
        signaller.block(future);
      } finally {
        timer.cancel();
        signaller.latch.countDown();
      }
    }
    return !future.isPending();
  }

  private void block(Future<?> future) {
    if (!future.push(this)) {
      return;
    }
    Trampoline.current().drain(); // It may hold the awaited step, or its callback.
    ThreadContext.beforeBlocking();
    boolean interrupted = false;
    while (!isReleasable()) {
      try {
        if (Thread.currentThread() instanceof WaitsForTasks thread) {
          thread.await(this);
        } else {
          ForkJoinPool.managedBlock(this);
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean block() throws InterruptedException {
    latch.await();
    return true;
  }

  @Override
  public boolean isReleasable() {
    return latch.getCount() == 0;
  }

  @Override
  boolean isLive() {
    return !isReleasable();
  }

  @Override
  Completion fire(FutureState source) {
    latch.countDown();
    return null;
  }
}
