package io.libprocess.internal.json;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A number as it was written, so that no precision is lost.
 *
 * @param text the text, which follows the grammar of JSON numbers
 */
public record JsonNumber(String text) {

  private static final int MOST_DIGITS = 1000; // For an integer: `1e999999999` is cheap to write.

  /**
   * The number as an integer; {@code 1.0} and {@code 1e3} are integers, too.
   *
   * @throws JsonException if it is not an integer in the range
   */
  public long integer(long lowest, long highest) {
    try {
      long value = decimal().longValueExact();
      if (value >= lowest && value <= highest) {
        return value;
      }
    } catch (ArithmeticException e) {
      // Falls through: it has a fraction, or is too large.
    }
    throw new JsonException("not an integer in " + lowest + ".." + highest + ": " + text);
  }

  /**
   * The nearest floating-point number.
   *
   * @throws JsonException if it is beyond the range
   */
  public double floating() {
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new JsonException("beyond the range of a double: " + text);
    }
    return value;
  }

  /**
   * The exact number.
   *
   * @throws JsonException if its exponent is out of range
   */
  public BigDecimal decimal() {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new JsonException("an exponent out of range: " + text, e);
    }
  }

  /**
   * The number as an integer of any size up to a thousand digits.
   *
   * @throws JsonException if it is not such an integer
   */
  public BigInteger bigInteger() {
    BigDecimal decimal = decimal();
    long digits = (long) decimal.precision() - decimal.scale();
    if (decimal.signum() == 0) {
      return BigInteger.ZERO; // Whatever its exponent is.
    }
    if (digits <= 0) {
      throw new JsonException("not an integer: " + text); // Between -1 and 1.
    }
    if (digits > MOST_DIGITS) {
      throw new JsonException("an integer of over " + MOST_DIGITS + " digits: " + text);
    }
    try {
      return decimal.toBigIntegerExact();
    } catch (ArithmeticException e) {
      throw new JsonException("not an integer: " + text, e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
