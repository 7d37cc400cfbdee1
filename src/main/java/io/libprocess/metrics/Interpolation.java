package io.libprocess.metrics;

import io.libprocess.internal.Saturating;
import java.time.Duration;

/**
 * Interpolates between two values.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
public interface Interpolation<T> {

  /** Interpolates between numbers. */
  Interpolation<Double> DOUBLE = (low, high, fraction) -> low + (high - low) * fraction;

  /**
   * Interpolates between durations, truncated to nanoseconds; differences of more than 292 years
   * count as 292 years.
   */
  Interpolation<Duration> DURATION =
      (low, high, fraction) -> low.plusNanos((long) (Saturating.nanos(high.minus(low)) * fraction));

  /**
   * The value at a fraction of the way from one to the other.
   *
   * @param fraction at least 0 and less than 1
   */
  T between(T low, T high, double fraction);
}
