package io.libprocess.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A point in time until which something may take. "Now" is the time of {@link Clock#current()}.
 *
 * @param time when the timeout expires
 */
public record Timeout(Instant time) implements Comparable<Timeout> {

  /** Checks that there is a time. */
  public Timeout {
    Objects.requireNonNull(time, "time");
  }

  /**
   * Now and a duration. A sum past the end of time, {@code 2262-04-11 23:47:16.854775807}, is that
   * end. A duration that goes back before the beginning, in 1677, or by more than 292 years gives
   * the first instant of 1970.
   *
   * @param duration from now; may be negative
   */
  public static Timeout in(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    long nanos = Nanos.of(duration);
    long time = Nanos.sum(Clock.current().nanos(), nanos);
    boolean underflow = nanos == Nanos.MIN || time == Nanos.MIN;
    return new Timeout(underflow ? Instant.EPOCH : Nanos.instant(time));
  }

  /** What is left; never below zero. */
  public Duration remaining() {
    Duration remaining = Duration.between(Clock.current().now(), time);
    return remaining.isNegative() ? Duration.ZERO : remaining;
  }

  /** Whether the time has come. */
  public boolean expired() {
    return time.compareTo(Clock.current().now()) <= 0;
  }

  @Override
  public int compareTo(Timeout other) {
    return time.compareTo(other.time);
  }

  /** The time as {@link Times#rfc3339} writes it. */
  @Override
  public String toString() {
    return Times.rfc3339(time);
  }
}
