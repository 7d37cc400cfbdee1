package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NanosTest {

  private static final BigInteger MAX = BigInteger.valueOf(Nanos.MAX);
  private static final BigInteger PER_SECOND = BigInteger.valueOf(1_000_000_000);

  private static long cut(BigInteger nanos) {
    return nanos.min(MAX).max(MAX.negate()).longValueExact();
  }

  private static void check(long seconds, int nanos) {
    BigInteger exact =
        BigInteger.valueOf(seconds).multiply(PER_SECOND).add(BigInteger.valueOf(nanos));
    assertEquals(cut(exact), Nanos.of(Duration.ofSeconds(seconds, nanos)), () -> "" + exact);
    if (seconds >= Instant.MIN.getEpochSecond() && seconds <= Instant.MAX.getEpochSecond()) {
      assertEquals(cut(exact), Nanos.of(Instant.ofEpochSecond(seconds, nanos)), () -> "" + exact);
    }
  }

  @Test
  void conversion_isExactOrTheNearerEnd() {
    long last = Nanos.MAX / 1_000_000_000;
    for (long near : new long[] {0, last, -last, Long.MAX_VALUE - 3, Long.MIN_VALUE + 3}) {
      for (long seconds = near - 3; seconds <= near + 2; seconds++) {
        int[] fractions = {0, 1, 145_224_192, 145_224_193, 145_224_194, 854_775_806, 854_775_807};
        for (int nanos : fractions) {
          check(seconds, nanos);
        }
        check(seconds, 854_775_808);
        check(seconds, 999_999_999);
      }
    }
    Random random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      check(random.nextLong() >> random.nextInt(64), random.nextInt(1_000_000_000));
    }
  }

  @Test
  void instant_isTheInverse() {
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      long nanos = Math.max(Nanos.MIN, random.nextLong() >> random.nextInt(64));
      assertEquals(nanos, Nanos.of(Nanos.instant(nanos)));
    }
    assertEquals(Nanos.MAX, Nanos.of(Nanos.instant(Nanos.MAX)));
    assertEquals(Nanos.MIN, Nanos.of(Nanos.instant(Nanos.MIN)));
  }

  @Test
  void sum_isExactOrTheNearerEnd() {
    Random random = new Random(4);
    for (int i = 0; i < 10_000; i++) {
      long a = Math.max(Nanos.MIN, random.nextLong() >> random.nextInt(3));
      long b = Math.max(Nanos.MIN, random.nextLong() >> random.nextInt(3));
      assertEquals(cut(BigInteger.valueOf(a).add(BigInteger.valueOf(b))), Nanos.sum(a, b));
    }
  }

  @Test
  void between_isNeverNegativeAndNeverCut() {
    assertEquals(Duration.ZERO, Nanos.between(5, 4));
    assertEquals(Duration.ZERO, Nanos.between(5, 5));
    assertEquals(Duration.ofNanos(1), Nanos.between(4, 5));
    assertEquals(
        Duration.ofSeconds(2 * (Nanos.MAX / 1_000_000_000), 2 * 854_775_807),
        Nanos.between(Nanos.MIN, Nanos.MAX));
  }
}
