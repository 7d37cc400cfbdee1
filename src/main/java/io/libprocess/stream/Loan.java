package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A count of the owners of bytes that are given back when none is left. May be used by any thread.
 */
final class Loan {

  private final Runnable giveBack;
  private final AtomicInteger owners = new AtomicInteger(1);

  Loan(Runnable giveBack) {
    this.giveBack = requireNonNull(giveBack, "giveBack");
  }

  void retain() {
    if (owners.getAndIncrement() <= 0) {
      owners.getAndDecrement();
      throw released();
    }
  }

  void release() {
    int left = owners.decrementAndGet();
    if (left < 0) {
      owners.getAndIncrement();
      throw released();
    }
    if (left == 0) {
      giveBack.run();
    }
  }

  private static IllegalStateException released() {
    return new IllegalStateException("the chunk was already released by all its owners");
  }
}
