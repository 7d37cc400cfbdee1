package io.libprocess.metrics;

import io.libprocess.internal.Saturating;
import java.time.Duration;

/**
 * How to find a value between two others.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
public interface Interpolation<T> {

  /** Between numbers. */
  Interpolation<Double> DOUBLE = (low, high, fraction) -> low + (high - low) * fraction;

  /** Between durations, cut to nanoseconds; differences of more than 292 years count as that. */
  Interpolation<Duration> DURATION =
      (low, high, fraction) -> low.plusNanos((long) (Saturating.nanos(high.minus(low)) * fraction));

  /**
   * The value at a fraction of the way from one to the other.
   *
   * @param fraction at least 0 and less than 1
   */
  T between(T low, T high, double fraction);
}
