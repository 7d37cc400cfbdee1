package io.libprocess.service.support;

import io.libprocess.internal.Saturating;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Arrays;

/**
 * The sum of numbers that were added within a window of time. The window is cut into ten parts, and
 * a number counts for the length of the window and at most a tenth of that longer.
 */
public final class WindowedSum {

  private static final int PARTS = 10;

  private final Clock clock;
  private final long partNanos;
  private final long origin; // By the clock's monotonic count.

  // Guarded by this.
  private final long[] parts = new long[PARTS + 1]; // A ring.
  private long current; // The number of the newest part since the origin.
  private long sum; // Of all parts.

  /**
   * Begins with zero.
   *
   * @param window positive
   */
  public WindowedSum(Duration window, Clock clock) {
    this.clock = clock;
    this.partNanos = Math.max(1, Saturating.nanos(window) / PARTS);
    this.origin = clock.nanoTime();
  }

  /** Adds a number; a negative one counts as that. */
  public synchronized void add(long number) {
    expire();
    put(number);
  }

  /** The sum of what was added within the window. */
  public synchronized long sum() {
    expire();
    return sum;
  }

  /**
   * Subtracts a number if the sum is then not below a floor.
   *
   * @return whether it was subtracted
   */
  public synchronized boolean trySubtract(long number, long floor) {
    expire();
    if (sum - number < floor) {
      return false;
    }
    put(-number);
    return true;
  }

  /** Forgets everything. */
  public synchronized void clear() {
    Arrays.fill(parts, 0);
    sum = 0;
  }

  private void put(long number) {
    parts[(int) (current % parts.length)] += number;
    sum += number;
  }

  private void expire() {
    long now = Math.max(current, (clock.nanoTime() - origin) / partNanos);
    if (now - current > PARTS) {
      clear();
      current = now;
    }
    while (current < now) {
      current++;
      int oldest = (int) (current % parts.length);
      sum -= parts[oldest];
      parts[oldest] = 0;
    }
  }
}
