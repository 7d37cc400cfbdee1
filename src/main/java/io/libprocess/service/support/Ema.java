package io.libprocess.service.support;

/**
 * An exponentially weighted moving average over time: what is known already keeps the weight
 * e<sup>−Δ/window</sup>, where Δ is the time since the last number. Not thread-safe.
 */
public final class Ema {

  private final double windowNanos;
  private double average;
  private long stamp;
  private boolean known; // Whether there was a number.

  /**
   * Begins without a number.
   *
   * @param windowNanos positive
   */
  public Ema(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  /** Takes a number into account, and gives the average. */
  public double add(long nanoTime, double number) {
    if (known) {
      double weight = Math.exp(-Math.max(0, nanoTime - stamp) / windowNanos);
      average = number * (1 - weight) + average * weight;
    } else {
      average = number;
      known = true;
    }
    stamp = nanoTime;
    return average;
  }

  /** The average as of the last number, or what is given if there was none. */
  public double orElse(double none) {
    return known ? average : none;
  }

  /** Forgets everything. */
  public void clear() {
    known = false;
  }
}
