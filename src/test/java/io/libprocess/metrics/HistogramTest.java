package io.libprocess.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {

  @Test
  void emptyHistogram_hasNoStatistics() {
    Histogram histogram = Histogram.ofNumbers("h");
    assertEquals(0, histogram.value().get());
    assertTrue(histogram.statistics().isEmpty());
    histogram.record(1);
    assertTrue(histogram.statistics().isEmpty());
    assertEquals(1, histogram.value().get());
  }

  @Test
  void smallNumbers_areExact() {
    Histogram histogram = Histogram.ofNumbers("h");
    for (int i = 1; i <= 7; i++) {
      histogram.record(i);
    }
    Statistics<Double> statistics = histogram.statistics().orElseThrow();
    assertEquals(7, statistics.count());
    assertEquals(1, statistics.min(), 1.0);
    assertEquals(7, statistics.max());
    assertEquals(4, statistics.p50(), 0.5);
    assertEquals(28, histogram.sum());
  }

  /** Each power of two is in the bucket that it bounds, and the next number is not. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 10, 23})
  void bounds_belongToTheirBucket(int power) {
    Histogram histogram = Histogram.ofNumbers("h");
    histogram.record(1L << power);
    histogram.record((1L << power) + 1);
    List<Histogram.Bucket> buckets = histogram.buckets();
    assertEquals(1L << power, buckets.get(power).atMost());
    assertEquals(1, buckets.get(power).count());
    assertEquals(2, buckets.get(power + 1).count());
    assertEquals(Double.POSITIVE_INFINITY, buckets.get(buckets.size() - 1).atMost());
  }

  @Test
  void percentiles_areRightToWithinAFewPerCent() {
    Random random = new Random(1);
    Histogram histogram = Histogram.ofNumbers("h");
    TreeMap<Long, Integer> all = new TreeMap<>();
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      long value = (long) Math.exp(random.nextDouble() * 25);
      histogram.record(value);
      all.merge(value, 1, Integer::sum);
    }
    Statistics<Double> statistics = histogram.statistics().orElseThrow();
    assertEquals(all.lastKey().doubleValue(), statistics.max());
    assertNear(exact(all, 0.5 * count), statistics.p50());
    assertNear(exact(all, 0.9 * count), statistics.p90());
    assertNear(exact(all, 0.99 * count), statistics.p99());
    assertNear(exact(all, 0.999 * count), statistics.p999());
  }

  private static double exact(TreeMap<Long, Integer> all, double position) {
    double before = 0;
    for (var entry : all.entrySet()) {
      before += entry.getValue();
      if (before > position) {
        return entry.getKey();
      }
    }
    return all.lastKey();
  }

  private static void assertNear(double expected, double actual) {
    assertEquals(expected, actual, expected * 0.13, "of " + expected);
  }

  @Test
  void values_outOfRangeCountAsTheNearest() {
    Histogram histogram = Histogram.ofDurations("h");
    histogram.record(Duration.ofSeconds(-1));
    histogram.record(-5);
    histogram.record(Duration.ofSeconds(Long.MAX_VALUE));
    histogram.record(Long.MAX_VALUE);
    Statistics<Double> statistics = histogram.statistics().orElseThrow();
    assertEquals(4, statistics.count());
    assertEquals(0, statistics.min());
    assertTrue(statistics.max() > 3600, statistics.toString());
    List<Histogram.Bucket> buckets = histogram.buckets();
    assertEquals(4, buckets.get(buckets.size() - 1).count());
    assertEquals(2, buckets.get(buckets.size() - 2).count());
  }

  @Test
  void durations_areShownInSeconds() {
    Histogram histogram = Histogram.ofDurations("h");
    histogram.record(Duration.ofMillis(1500));
    histogram.record(Duration.ofMillis(500));
    assertEquals(2.0, histogram.sum(), 1e-9);
    assertEquals(1.5, histogram.statistics().orElseThrow().max(), 1e-9);
  }

  @Test
  void recordings_ofManyThreadsAllCount() throws InterruptedException {
    Histogram histogram = Histogram.ofNumbers("h");
    int threads = 4;
    int each = 20_000;
    CountDownLatch start = new CountDownLatch(1);
    Thread[] running = new Thread[threads];
    for (int t = 0; t < threads; t++) {
      running[t] =
          new Thread(
              () -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  return;
                }
                for (int i = 0; i < each; i++) {
                  histogram.record(i);
                }
              });
      running[t].start();
    }
    start.countDown();
    for (Thread thread : running) {
      thread.join();
    }
    assertEquals(threads * each, histogram.value().get());
    assertEquals(threads * (each * (each - 1.0) / 2), histogram.sum());
    assertEquals(each - 1, histogram.statistics().orElseThrow().max());
  }
}
