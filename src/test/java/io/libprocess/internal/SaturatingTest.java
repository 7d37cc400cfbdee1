package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class SaturatingTest {

  private static final long[] EDGES = {
    Long.MIN_VALUE, Long.MIN_VALUE + 1, -2, -1, 0, 1, 2, Long.MAX_VALUE - 1, Long.MAX_VALUE
  };

  private static long nearest(BigInteger number) {
    return number
        .max(BigInteger.valueOf(Long.MIN_VALUE))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  @Test
  void sum_isTheNearestNumberThatFits() {
    for (long a : EDGES) {
      for (long b : EDGES) {
        BigInteger exact = BigInteger.valueOf(a).add(BigInteger.valueOf(b));
        assertEquals(nearest(exact), Saturating.sum(a, b), () -> a + " + " + b);
      }
    }
  }

  @Test
  void durations_areNumbersAsFarAsTheyFit() {
    Duration some = Duration.ofSeconds(3, 5_000_001);
    assertEquals(3_005_000_001L, Saturating.nanos(some));
    assertEquals(3_005, Saturating.millis(some));
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
    assertEquals(Long.MAX_VALUE, Saturating.nanos(forEver));
    assertEquals(Long.MAX_VALUE, Saturating.millis(forEver));
    assertEquals(Long.MIN_VALUE, Saturating.nanos(forEver.negated()));
    assertEquals(Long.MIN_VALUE, Saturating.millis(forEver.negated()));
  }

  @Test
  void times_isAtMostForEver() {
    Duration forEver = Duration.ofNanos(Long.MAX_VALUE);
    assertEquals(Duration.ofSeconds(6), Saturating.times(Duration.ofSeconds(3), 2));
    assertEquals(forEver, Saturating.times(forEver, 1));
    for (int number : new int[] {2, 1 << 16}) {
      Duration most = Saturating.times(ChronoUnit.FOREVER.getDuration(), number);
      assertTrue(most.compareTo(forEver.dividedBy(2)) > 0, () -> most.toString());
    }
  }
}
