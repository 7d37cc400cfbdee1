package io.libprocess.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Metrics metrics = new Metrics(clock);

  @AfterEach
  void closeClock() {
    clock.close();
  }

  private static double value(Metric metric) {
    return metric.value().get();
  }

  /* ------ The kinds of metrics ------ */

  @Test
  void counter() {
    Counter counter = new Counter("test/counter");
    metrics.add(counter);
    assertEquals(0, value(counter));
    counter.increment();
    assertEquals(1, value(counter));
    counter.increment();
    assertEquals(2, value(counter));
    counter.reset();
    assertEquals(0, value(counter));
    counter.add(42);
    assertEquals(42, value(counter));
    assertEquals(Optional.empty(), counter.statistics());
    assertTrue(metrics.remove(counter));
  }

  @Test
  void counter_countsBackwards() {
    Counter counter = new Counter("c");
    counter.add(3);
    counter.add(-5);
    assertEquals(-2, value(counter));
  }

  @Test
  void counter_historyHoldsTheFirstZeroAndResets() {
    Counter counter = new Counter("c", TimeSeries.WINDOW, clock);
    clock.advance(Duration.ofSeconds(1));
    counter.add(7);
    clock.advance(Duration.ofSeconds(1));
    counter.reset();
    Statistics<Double> statistics = counter.statistics().orElseThrow();
    assertEquals(List.of(0.0, 7.0), List.of(statistics.min(), statistics.max()));
    assertEquals(3, statistics.count());
    assertEquals(0, value(counter));
  }

  @Test
  void pushGauge() {
    PushGauge gauge = new PushGauge("test/gauge");
    assertEquals(0, value(gauge));
    gauge.increment();
    assertEquals(1, value(gauge));
    gauge.add(42);
    assertEquals(43, value(gauge));
    gauge.decrement();
    assertEquals(42, value(gauge));
    gauge.subtract(42);
    assertEquals(0, value(gauge));
    gauge.set(42);
    assertEquals(42, value(gauge));
    assertEquals(Optional.empty(), gauge.statistics());
  }

  @Test
  void pullGauge_thatThrowsAnError_hasFailed_andIsLeftOut() {
    metrics.add(new Counter("there"));
    for (Error error : List.of(new StackOverflowError(), new AssertionError())) {
      PullGauge gauge =
          PullGauge.async(
              "gauge",
              () -> {
                throw error;
              });
      metrics.add(gauge);
      assertSame(error, gauge.value().failure());
      assertEquals(Map.of("there", 0.0), metrics.snapshot().get());
      metrics.remove(gauge);
    }
  }

  @Test
  void pullGauge() {
    PullGauge gauge = PullGauge.of("test/gauge", () -> 42);
    PullGauge failing =
        PullGauge.of(
            "test/failing",
            () -> {
              throw new IllegalStateException("no idea");
            });
    metrics.add(gauge);
    assertEquals(42, value(gauge));
    assertEquals("no idea", failing.value().failure().getMessage());
    assertEquals(
        "f", PullGauge.async("g", () -> Future.failed("f")).value().failure().getMessage());
    assertEquals(Optional.empty(), gauge.statistics());
    // A name can be used again.
    assertTrue(metrics.remove(gauge));
    metrics.add(PullGauge.of("test/gauge", () -> 1.5));
    assertEquals(Map.of("test/gauge", 1.5), metrics.snapshot().get());
  }

  @Test
  void pullGauge_withoutAnAnswerFails() {
    assertTrue(PullGauge.of("g", () -> null).value().isFailed());
    assertTrue(PullGauge.async("g", () -> null).value().isFailed());
  }

  @Test
  void statistics() {
    assertEquals(statisticsOfTenSeconds(), countTenSeconds().statistics().orElseThrow());
  }

  private Counter countTenSeconds() {
    Counter counter = new Counter("test/counter", TimeSeries.WINDOW, clock);
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofSeconds(1));
      counter.increment();
    }
    return counter;
  }

  private static Statistics<Double> statisticsOfTenSeconds() {
    return new Statistics<>(11, 0.0, 10.0, 2.5, 5.0, 7.5, 9.0, 9.5, 9.9, 9.99, 9.999);
  }

  @Test
  void timer() {
    Stopwatch timer = new Stopwatch("test/timer", ChronoUnit.NANOS, clock);
    assertEquals("test/timer_ns", timer.name());
    assertEquals("No value", timer.value().failure().getMessage());
    timer.stop(); // Without a start: since the epoch.
    assertEquals(0, value(timer));
    timer.start();
    clock.advance(Duration.ofNanos(1000));
    assertEquals(Duration.ofNanos(1000), timer.stop());
    assertEquals(1000, value(timer));
    timer.stop();
    assertEquals(1000, value(timer));
    assertEquals(Optional.empty(), timer.statistics());
  }

  @Test
  void timer_withoutStartMeasuresFromTheEpoch() {
    clock.advance(Duration.ofDays(14));
    Stopwatch timer = new Stopwatch("t", ChronoUnit.WEEKS, clock);
    assertEquals(Duration.ofDays(14), timer.stop());
    assertEquals(2, value(timer));
  }

  @Test
  void asyncTimer() {
    Stopwatch timer = new Stopwatch("test/timer", ChronoUnit.MICROS, clock);
    assertEquals("test/timer_us", timer.name());
    clock.advance(Duration.ofSeconds(1));
    Future<Integer> done = Future.of(42);
    assertSame(done, timer.time(done));
    clock.advance(Duration.ofSeconds(1));
    assertEquals(0, value(timer));
  }

  @Test
  void asyncTimer_measuresUntilAnyCompletionBesidesStartAndStop() {
    Stopwatch timer = new Stopwatch("t", ChronoUnit.MILLIS, TimeSeries.WINDOW, clock);
    Promise<Void> promise = new Promise<>();
    timer.start();
    clock.advance(Duration.ofMillis(1));
    timer.time(promise.future());
    clock.advance(Duration.ofMillis(2));
    promise.fail("for this test");
    assertEquals(2, value(timer));
    clock.advance(Duration.ofMillis(4));
    assertEquals(Duration.ofMillis(7), timer.stop());
    assertEquals(2, timer.statistics().orElseThrow().min());
    assertEquals(7, timer.statistics().orElseThrow().max());
  }

  @Test
  void timer_nameSaysTheUnit() {
    assertEquals("t_secs", new Stopwatch("t", ChronoUnit.SECONDS, clock).name());
    assertEquals("t_mins", new Stopwatch("t", ChronoUnit.MINUTES, clock).name());
    assertEquals("t_hrs", new Stopwatch("t", ChronoUnit.HOURS, clock).name());
    assertEquals("t_days", new Stopwatch("t", ChronoUnit.DAYS, clock).name());
    assertEquals("t_weeks", new Stopwatch("t", ChronoUnit.WEEKS, clock).name());
    assertEquals(
        "not a unit of nanoseconds to weeks: Months",
        assertThrows(
                IllegalArgumentException.class, () -> new Stopwatch("t", ChronoUnit.MONTHS, clock))
            .getMessage());
  }

  /* ------ The registry ------ */

  @Test
  void add_refusesANameThatIsTaken() {
    metrics.add(new Counter("a"));
    PushGauge second = new PushGauge("a");
    assertEquals(
        "there is a metric 'a' already",
        assertThrows(IllegalArgumentException.class, () -> metrics.add(second)).getMessage());
  }

  @Test
  void remove_goesByNameAndSaysWhatIsNotThere() {
    metrics.add(new Counter("a"));
    assertTrue(metrics.remove(new PushGauge("a")));
    assertFalse(metrics.remove(new PushGauge("a")));
    assertEquals(Map.of(), metrics.snapshot().get());
  }

  @Test
  void snapshot() {
    List<Metric> all =
        List.of(
            new Counter("test/counter"),
            PullGauge.of("test/gauge", () -> 42),
            PullGauge.async("test/other", () -> Future.of(99.0)),
            PullGauge.async("test/failing", () -> Future.failed("no")),
            PullGauge.async("test/discarded", Future::discarded),
            PullGauge.async("test/null", () -> Future.of(null)));
    all.forEach(metrics::add);
    assertEquals(
        Map.of("test/counter", 0.0, "test/gauge", 42.0, "test/other", 99.0),
        metrics.snapshot().get());
    all.forEach(metrics::remove);
    assertEquals(Map.of(), metrics.snapshot().get());
  }

  @Test
  void snapshotAlphabetical() {
    List.of("d", "c", "b", "a").forEach(name -> metrics.add(new Counter(name)));
    assertEquals(List.of("a", "b", "c", "d"), List.copyOf(metrics.snapshot().get().keySet()));
  }

  @Test
  void snapshotTimeout() {
    Promise<Double> pending = new Promise<>();
    metrics.add(new Counter("there"));
    metrics.add(PullGauge.async("pending", pending::future));
    metrics.add(PullGauge.async("failing", () -> Future.failed("no")));
    Future<SortedMap<String, Double>> limited = metrics.snapshot(Duration.ofSeconds(2));
    Future<SortedMap<String, Double>> unlimited = metrics.snapshot();

    clock.advance(Duration.ofSeconds(1));
    clock.settle();
    assertTrue(limited.isPending());
    clock.advance(Duration.ofSeconds(1));
    clock.settle();
    assertEquals(Map.of("there", 0.0), limited.get());

    assertTrue(unlimited.isPending());
    assertFalse(pending.future().hasDiscard());
    pending.set(1.0);
    assertEquals(Map.of("pending", 1.0, "there", 0.0), unlimited.get());
    assertEquals(Map.of("there", 0.0), limited.get());
  }

  @Test
  void snapshotStatistics() {
    metrics.add(countTenSeconds());
    Stopwatch unused = new Stopwatch("unused", ChronoUnit.SECONDS, TimeSeries.WINDOW, clock);
    metrics.add(unused);
    assertEquals(
        Map.of(
            "test/counter", 10.0,
            "test/counter/count", 11.0,
            "test/counter/min", 0.0,
            "test/counter/max", 10.0,
            "test/counter/p50", 5.0,
            "test/counter/p90", 9.0,
            "test/counter/p95", 9.5,
            "test/counter/p99", 9.9,
            "test/counter/p999", 9.99,
            "test/counter/p9999", 9.999),
        metrics.snapshot().get());
  }

  @Test
  void snapshot_statisticsAreOfTheBeginningAndValuesOfTheEnd() {
    Counter counter = countTenSeconds();
    Promise<Double> pending = new Promise<>();
    metrics.add(counter);
    metrics.add(PullGauge.async("pending", pending::future));
    Future<SortedMap<String, Double>> snapshot = metrics.snapshot();
    counter.increment();
    pending.set(5.0);
    assertEquals(5.0, snapshot.get().get("pending"));
    assertEquals(11.0, snapshot.get().get("test/counter/count"));
  }

  @Test
  void snapshot_doesNotWaitForAbandonedValues() {
    Promise<Double> promise = new Promise<>();
    Promise<Double> other = new Promise<>();
    metrics.add(PullGauge.async("abandoned", promise::future));
    metrics.add(PullGauge.async("other", other::future));
    Future<SortedMap<String, Double>> snapshot = metrics.snapshot();
    promise.abandon();
    promise.set(1.0);
    assertTrue(snapshot.isPending());
    other.set(2.0);
    assertEquals(Map.of("other", 2.0), snapshot.get());
  }

  @Test
  void snapshot_discardDiscardsItAndNothingElse() {
    Promise<Double> pending = new Promise<>();
    metrics.add(PullGauge.async("pending", pending::future));
    Future<SortedMap<String, Double>> snapshot = metrics.snapshot(Duration.ofSeconds(1));
    snapshot.discard();
    assertTrue(snapshot.isDiscarded());
    assertFalse(pending.future().hasDiscard());
    pending.set(1.0);
    clock.advance(Duration.ofSeconds(1));
    clock.settle();
    assertTrue(snapshot.isDiscarded());
  }

  @Test
  void value_ofATimerThatNeverStoppedIsAFailure() {
    Stopwatch timer = new Stopwatch("t", ChronoUnit.SECONDS, clock);
    assertThrows(CompletionException.class, () -> timer.value().get());
  }
}
