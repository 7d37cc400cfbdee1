package io.libprocess.service.balance;

import java.util.concurrent.atomic.AtomicInteger;

/** The number of requests that are not over. */
final class OutstandingLoad implements NodeLoad {

  private final AtomicInteger outstanding = new AtomicInteger();

  @Override
  public double get() {
    return outstanding.get();
  }

  @Override
  public long begin() {
    return outstanding.incrementAndGet();
  }

  @Override
  public void end(long begun) {
    outstanding.decrementAndGet();
  }
}
