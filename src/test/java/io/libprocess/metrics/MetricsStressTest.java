package io.libprocess.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.sync.Stress;
import io.libprocess.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Eight threads at the same metrics. */
class MetricsStressTest {

  private static final int THREADS = 8;

  @Test
  void counter_losesNothing() throws Exception {
    int each = Stress.times(50_000);
    Counter counter = new Counter("c");
    Stress.inParallel(
        THREADS,
        thread -> {
          for (int i = 0; i < each; i++) {
            counter.increment();
          }
        });
    assertEquals((double) THREADS * each, counter.value().get());
  }

  @Test
  void counterWithHistory_recordsInOrder() throws Exception {
    int each = Stress.times(2_000);
    Counter counter = new Counter("c", TimeSeries.WINDOW, Clock.system());
    Stress.inParallel(
        THREADS,
        thread -> {
          for (int i = 0; i < each; i++) {
            counter.increment();
          }
        });
    assertEquals((double) THREADS * each, counter.value().get());
    Statistics<Double> statistics = counter.statistics().orElseThrow();
    assertEquals((double) THREADS * each, statistics.max());
    assertTrue(statistics.count() <= TimeSeries.CAPACITY, statistics::toString);
  }

  @Test
  void pushGauge_losesNothing() throws Exception {
    int each = Stress.times(50_000);
    PushGauge gauge = new PushGauge("g");
    Stress.inParallel(
        THREADS,
        thread -> {
          for (int i = 0; i < each; i++) {
            gauge.add(3);
            gauge.decrement();
          }
        });
    assertEquals(2.0 * THREADS * each, gauge.value().get());
  }

  @Test
  void snapshot_goesOnWhileMetricsComeAndGo() throws Exception {
    int each = Stress.times(1_000);
    Metrics metrics = new Metrics(Clock.system());
    Counter always = new Counter("m");
    metrics.add(always);
    Counter last = new Counter("z");
    metrics.addSource(() -> List.of(last));
    Stress.inParallel(
        THREADS,
        thread -> {
          Counter own = new Counter("c" + thread);
          for (int i = 0; i < each; i++) {
            metrics.add(own);
            always.add(ThreadLocalRandom.current().nextInt(3));
            assertTrue(metrics.snapshot().get().keySet().contains("c" + thread));
            metrics.remove(own);
          }
        });
    assertEquals(Set.of("m", "z"), metrics.snapshot().get().keySet());
  }
}
