package io.libprocess.service.balance;

import io.libprocess.time.Clock;
import java.time.Duration;

/**
 * An average of latencies, times the number of requests that there would be with one more. A
 * latency above the average becomes the average at once; otherwise that decays with time. Requests
 * to an endpoint of which nothing is known yet count very much, so that it gets one to begin with.
 *
 * <p>The lock, held for a few instructions, guards all fields.
 */
final class PeakEwmaLoad implements NodeLoad {

  private static final double DECAY_NANOS = Duration.ofSeconds(10).toNanos();
  private static final double PENALTY = Long.MAX_VALUE / 2.0;

  private final Clock clock;
  private double average; // In nanoseconds; 0 if nothing is known.
  private long stamp;
  private int outstanding;

  PeakEwmaLoad(Clock clock) {
    this.clock = clock;
    this.stamp = clock.nanoTime();
  }

  @Override
  public synchronized double get() {
    observe(0, clock.nanoTime());
    if (average == 0 && outstanding > 0) {
      return PENALTY + outstanding;
    }
    return average * (outstanding + 1);
  }

  @Override
  public synchronized long begin() {
    outstanding++;
    return clock.nanoTime();
  }

  @Override
  public synchronized void end(long begun) {
    long now = clock.nanoTime();
    outstanding--;
    observe(Math.max(1, now - begun), now);
  }

  private void observe(double latency, long now) {
    double weight = Math.exp(-Math.max(0, now - stamp) / DECAY_NANOS);
    average = latency > average ? latency : average * weight + latency * (1 - weight);
    stamp = now;
  }
}
