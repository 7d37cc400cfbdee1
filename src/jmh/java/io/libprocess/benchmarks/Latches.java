package io.libprocess.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for latches, but not for ever. */
final class Latches {

  private Latches() {}

  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException(latch.getCount() + " did not come");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
