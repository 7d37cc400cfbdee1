package io.libprocess.settings;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The rules that builders apply to their arguments. Each returns the value, or throws an {@link
 * IllegalArgumentException} that names the setting, the rule and the value.
 */
public final class Check {

  private Check() {}

  /** Checks a number against two bounds, both included. */
  public static int inRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " is not in " + least + ".." + most + ": " + value);
    }
    return value;
  }

  /** Checks a number against two bounds, both included. */
  public static double inRange(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) { // Also what is no number.
      throw new IllegalArgumentException(name + " is not in " + least + ".." + most + ": " + value);
    }
    return value;
  }

  /** Checks that a number has a least value. */
  public static int atLeast(String name, int value, int least) {
    return (int) atLeast(name, (long) value, least);
  }

  /** Checks that a number has a least value. */
  public static long atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is less than " + least + ": " + value);
    }
    return value;
  }

  /** Checks that a duration is longer than zero; it may mean for ever. */
  public static Duration positive(String name, Duration value) {
    if (notNegative(name, value).isZero()) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
    return value;
  }

  /** Checks that a duration is zero or longer; it may mean for ever. */
  public static Duration notNegative(String name, Duration value) {
    if (requireNonNull(value, name).isNegative()) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
    return value;
  }
}
