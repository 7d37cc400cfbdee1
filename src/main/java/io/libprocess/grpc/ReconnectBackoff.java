package io.libprocess.grpc;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after failed attempts to connect. For one thread at a time. */
final class ReconnectBackoff {

  private static final double FIRST = 1000; // In milliseconds.
  private static final double FACTOR = 1.6;
  private static final double MOST = 120_000;
  private static final double JITTER = 0.2;

  private final RandomGenerator random;
  private double next = FIRST;

  ReconnectBackoff(RandomGenerator random) {
    this.random = random;
  }

  /** The time before the next attempt. */
  Duration next() {
    double time = next * (1 + JITTER * (2 * random.nextDouble() - 1));
    next = Math.min(MOST, FACTOR * next);
    return Duration.ofMillis((long) time);
  }

  /** Notes an attempt that has succeeded. */
  void reset() {
    next = FIRST;
  }
}
