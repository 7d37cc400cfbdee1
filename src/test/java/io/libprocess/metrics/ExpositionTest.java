package io.libprocess.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The output for scrapers. */
class ExpositionTest {

  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Metrics metrics = new Metrics(clock);

  @AfterEach
  void close() {
    clock.close();
  }

  private String text() {
    return metrics.prometheus(LIMIT).get();
  }

  @Test
  void counters_endWithTotal() {
    Counter counter = new Counter("orders/received");
    counter.add(3);
    metrics.add(counter);
    metrics.add(PullCounter.of("seen_total", () -> 5));
    metrics.describe("orders/received", "Orders that came,\nby \"all\" ways.");
    assertEquals(
        "# HELP orders_received_total Orders that came,\\nby \"all\" ways.\n"
            + "# TYPE orders_received_total counter\n"
            + "orders_received_total 3\n"
            + "# HELP seen_total seen\n# TYPE seen_total counter\nseen_total 5\n",
        text());
    assertTrue(
        metrics
            .openMetrics(LIMIT)
            .get()
            .startsWith(
                "# HELP orders_received Orders that came,\\nby \\\"all\\\" ways.\n"
                    + "# TYPE orders_received counter\norders_received_total 3\n"));
  }

  @Test
  void labels_comeFromTheName() {
    metrics.add(PullGauge.of("a/open{kind=\"x\\\"y\",id=\"1\"}", () -> 0.5));
    metrics.add(PullGauge.of("a/open{kind=\"z\"}", () -> 2));
    assertEquals(
        "# HELP a_open a_open\n# TYPE a_open gauge\n"
            + "a_open{kind=\"x\\\"y\",id=\"1\"} 0.5\na_open{kind=\"z\"} 2\n",
        text());
  }

  @Test
  void labels_thatAreMalformedArePartOfTheName() {
    metrics.add(PullGauge.of("a{b=c}", () -> 1));
    metrics.add(PullGauge.of("1{b=\"c}", () -> 1));
    String text = text();
    assertTrue(text.contains("\na_b_c_ 1\n"), text);
    assertTrue(text.contains("\n_1_b__c_ 1\n"), text);
  }

  @Test
  void names_thatScrapersCannotTellApartAreShownOnce() {
    metrics.add(PullGauge.of("a/b", () -> 1));
    metrics.add(PullGauge.of("a_b", () -> 2));
    metrics.add(new Counter("a b"));
    assertEquals("# HELP a_b_total a_b\n# TYPE a_b_total counter\na_b_total 0\n", text());
  }

  @Test
  void familyWithLabels_isInOnePlace() {
    metrics.add(PullGauge.of("a", () -> 1));
    metrics.add(PullGauge.of("a_b", () -> 2));
    metrics.add(PullGauge.of("a{x=\"1\"}", () -> 3));
    String text = text();
    assertTrue(text.contains("\na 1\na{x=\"1\"} 3\n"), text);
  }

  @Test
  void whatHasNoNumber_isLeftOut() {
    metrics.add(PullGauge.async("failed", () -> Future.failed("no")));
    metrics.add(PullGauge.of("odd", () -> Double.NaN));
    metrics.add(PullGauge.of("vast", () -> Double.NEGATIVE_INFINITY));
    String text = text();
    assertFalse(text.contains("failed"), text);
    assertTrue(text.contains("\nodd NaN\n") && text.contains("\nvast -Inf\n"), text);
  }

  @Test
  void stopwatches_areShownInSeconds() {
    Stopwatch stopwatch = new Stopwatch("a/taken", ChronoUnit.MILLIS, clock);
    metrics.add(stopwatch);
    assertEquals("", text());
    stopwatch.start();
    clock.advance(Duration.ofMillis(1500));
    stopwatch.stop();
    assertTrue(text().endsWith("\na_taken_seconds 1.5\n"), text());
  }

  @Test
  void histories_areGaugesOfTheirOwn() {
    Counter counter = new Counter("n", Duration.ofHours(1), clock);
    metrics.add(counter);
    clock.advance(Duration.ofSeconds(1));
    counter.increment();
    String text = text();
    assertTrue(text.contains("\nn_total 1\n"), text);
    assertTrue(text.contains("\nn_history{statistic=\"p50\"} 0.5\n"), text);
  }

  @Test
  void histograms_haveBucketsThatAddUp() {
    Histogram histogram = Histogram.ofDurations("h{route=\"/\"}");
    metrics.add(histogram);
    histogram.record(1024); // Nanoseconds: just in the first bucket.
    histogram.record(Duration.ofMillis(3));
    histogram.record(Duration.ofSeconds(60));
    String text = text();
    assertTrue(text.startsWith("# HELP h_seconds h_seconds\n# TYPE h_seconds histogram\n"), text);
    assertTrue(text.contains("h_seconds_bucket{route=\"/\",le=\"0.000001024\"} 1\n"), text);
    assertTrue(text.contains("h_seconds_bucket{route=\"/\",le=\"0.004194304\"} 2\n"), text);
    assertTrue(text.contains("h_seconds_bucket{route=\"/\",le=\"17.179869184\"} 2\n"), text);
    assertTrue(text.contains("h_seconds_bucket{route=\"/\",le=\"+Inf\"} 3\n"), text);
    assertTrue(text.contains("h_seconds_sum{route=\"/\"} 60.003001024\n"), text);
    assertTrue(text.contains("h_seconds_count{route=\"/\"} 3\n"), text);
  }
}
