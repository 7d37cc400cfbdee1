package io.libprocess.settings;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The rules that builders apply to what they are given. Each returns the value, or throws an {@link
 * IllegalArgumentException} that names the setting, the rule and the value.
 */
public final class Check {

  private Check() {}

  /** A number between two bounds, both included. */
  public static int inRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " is not in " + least + ".." + most + ": " + value);
    }
    return value;
  }

  /** A number of at least so much. */
  public static int atLeast(String name, int value, int least) {
    return (int) atLeast(name, (long) value, least);
  }

  /** A number of at least so much. */
  public static long atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is less than " + least + ": " + value);
    }
    return value;
  }

  /** A duration longer than zero; up to for ever. */
  public static Duration positive(String name, Duration value) {
    if (notNegative(name, value).isZero()) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
    return value;
  }

  /** A duration of zero or longer; up to for ever. */
  public static Duration notNegative(String name, Duration value) {
    if (requireNonNull(value, name).isNegative()) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
    return value;
  }
}
