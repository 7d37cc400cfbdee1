package io.libprocess.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A point in time by which an operation must be complete. "Now" is the time of {@link
 * Clock#current()}.
 *
 * @param time when the timeout expires
 */
public record Timeout(Instant time) implements Comparable<Timeout> {

  /** Checks that the time is not null. */
  public Timeout {
    Objects.requireNonNull(time, "time");
  }

  /**
   * The timeout that is a duration from now. A sum past the end of time, {@code 2262-04-11
   * 23:47:16.854775807}, is that end. A duration that goes back before the beginning, in 1677, or
   * by more than 292 years gives the first instant of 1970.
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

  /** The time that is left; never below zero. */
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

  /** The time in the form of {@link Times#rfc3339}. */
  @Override
  public String toString() {
    return Times.rfc3339(time);
  }
}
