package io.libprocess.time;

import java.time.Instant;

/** The time of the system: the default implementation of {@link TimeSource}, and the only one. */
final class SystemTime implements TimeSource {

  static final SystemTime INSTANCE = new SystemTime();

  private SystemTime() {}

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant wallTime() {
    return Instant.now();
  }
}
