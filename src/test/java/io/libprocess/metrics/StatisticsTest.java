package io.libprocess.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.time.Clock;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void empty() {
    assertEquals(Optional.empty(), Statistics.ofDoubles(new TimeSeries<Double>().values()));
  }

  @Test
  void single() {
    TimeSeries<Double> series = new TimeSeries<>();
    series.set(0.0);
    assertEquals(Optional.empty(), Statistics.ofDoubles(series.values()));
  }

  @Test
  void statisticsFromTimeSeries() {
    TimeSeries<Double> series = new TimeSeries<>();
    for (int i = 5; i >= -5; i--) {
      series.set((double) i, Clock.system().now().plusSeconds(10 - i));
    }
    Statistics<Double> statistics = Statistics.ofDoubles(series.values()).orElseThrow();
    assertEquals(11, statistics.count());
    assertEquals(-5.0, statistics.min());
    assertEquals(5.0, statistics.max());
    assertEquals(-2.5, statistics.p25());
    assertEquals(0.0, statistics.p50());
    assertEquals(2.5, statistics.p75());
    assertEquals(4.0, statistics.p90());
    assertEquals(4.5, statistics.p95());
    assertEquals(4.9, statistics.p99(), 1e-12);
    assertEquals(4.99, statistics.p999(), 1e-12);
    assertEquals(4.999, statistics.p9999(), 1e-12);
  }

  @Test
  void statisticsFromDurationList() {
    List<Duration> durations =
        IntStream.rangeClosed(0, 10).mapToObj(i -> Duration.ofSeconds(10L * i)).toList();
    Statistics<Duration> statistics = Statistics.ofDurations(durations).orElseThrow();
    assertEquals(11, statistics.count());
    assertEquals(Duration.ZERO, statistics.min());
    assertEquals(Duration.ofSeconds(100), statistics.max());
    assertEquals(Duration.ofSeconds(25), statistics.p25());
    assertEquals(Duration.ofSeconds(50), statistics.p50());
    assertEquals(Duration.ofSeconds(75), statistics.p75());
    assertEquals(Duration.ofSeconds(90), statistics.p90());
  }

  @Test
  void of_takesAnyTypeWithAnInterpolation() {
    List<BigInteger> values = List.of(BigInteger.TEN, BigInteger.ZERO);
    Statistics<BigInteger> statistics =
        Statistics.<BigInteger>of(
                values,
                Comparator.naturalOrder(),
                (low, high, fraction) ->
                    low.add(BigInteger.valueOf((long) (high.subtract(low).longValue() * fraction))))
            .orElseThrow();
    assertEquals(BigInteger.valueOf(2), statistics.p25());
    assertEquals(BigInteger.valueOf(9), statistics.p9999());
  }
}
