package io.libprocess.time;

import java.time.Duration;
import java.time.Instant;

/** A time source that moves only when a test says so. */
final class ManualTime implements TimeSource {

  static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

  private volatile long nanos = 7;
  private volatile Instant wall = START;

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant wallTime() {
    return wall;
  }

  /** Lets time pass. */
  void pass(Duration duration) {
    nanos += duration.toNanos();
    wall = wall.plus(duration);
  }

  /** Sets the wall clock forward or back, as an administrator does. */
  void step(Duration duration) {
    wall = wall.plus(duration);
  }
}
