package io.libprocess.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.sync.Stress;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Eight threads at one series. */
class TimeSeriesStressTest {

  @Test
  void series_keepsItsBoundAndOrder() throws Exception {
    int each = Stress.times(5_000);
    TimeSeries<Integer> series = new TimeSeries<>(Duration.ofDays(365), 100, Clock.system());
    Instant start = Clock.system().now();
    Stress.inParallel(
        8,
        thread -> {
          Random random = new Random(thread);
          for (int i = 0; i < each; i++) {
            series.set(i, start.plusMillis(random.nextInt(1_000_000)));
            if (i % 100 == 0) {
              Instant before = Instant.MIN;
              for (TimeSeries.Value<Integer> value : series.get()) {
                assertTrue(value.time().isAfter(before));
                before = value.time();
              }
            }
          }
        });
    assertEquals(100, series.values().size());
  }
}
