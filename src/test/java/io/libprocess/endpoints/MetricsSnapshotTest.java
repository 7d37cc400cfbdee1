package io.libprocess.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Metrics;
import io.libprocess.metrics.PullGauge;
import io.libprocess.metrics.TimeSeries;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsSnapshotTest {

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Metrics metrics = new Metrics(clock);
  private final MetricsSnapshot unlimited =
      new MetricsSnapshot(metrics, Duration.ZERO, clock, Runnable::run);

  @AfterEach
  void closeClock() {
    clock.close();
  }

  private void advance(Duration duration) {
    clock.advance(duration);
    clock.settle();
  }

  private static String text(Future<Response> response) {
    assertTrue(response.isReady(), response::toString);
    return response.get().text();
  }

  private Future<Response> ask(String query) {
    return unlimited.answer(Request.get("/metrics/snapshot" + query));
  }

  @Test
  void snapshot_isSortedAndLeavesOutWhatHasNoNumber() {
    metrics.add(PullGauge.of("c", () -> 0.5));
    metrics.add(new Counter("a"));
    metrics.add(PullGauge.async("b", () -> Future.failed("no")));
    metrics.add(PullGauge.of("d", () -> Double.NaN));
    assertEquals("{\"a\":0.0,\"c\":0.5}", text(ask("")));
    assertEquals("application/json", ask("").get().headers().first("Content-Type").orElseThrow());
    assertEquals("f({\"a\":0.0,\"c\":0.5})", text(ask("?jsonp=f")));
  }

  @Test
  void snapshotTimeout() {
    assertEquals(400, ask("?timeout=foobar").get().status().code());
    String refusal = text(ask("?timeout=foobar"));
    assertTrue(refusal.startsWith("Invalid timeout 'foobar': "), refusal);
    assertTrue(refusal.endsWith(".\n"), refusal);

    Promise<Double> pending = new Promise<>();
    metrics.add(new Counter("there"));
    metrics.add(PullGauge.async("pending", pending::future));
    Future<Response> response = ask("?timeout=2secs");
    advance(Duration.ofSeconds(1));
    assertTrue(response.isPending());
    advance(Duration.ofSeconds(1));
    assertEquals("{\"there\":0.0}", text(response));
  }

  @Test
  void snapshotStatistics() {
    Counter counter = new Counter("n", TimeSeries.WINDOW, clock);
    metrics.add(counter);
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofSeconds(1));
      counter.increment();
    }
    assertEquals(
        "{\"n\":10.0,\"n/count\":11.0,\"n/max\":10.0,\"n/min\":0.0,\"n/p50\":5.0,\"n/p90\":9.0,"
            + "\"n/p95\":9.5,\"n/p99\":9.9,\"n/p999\":9.99,\"n/p9999\":9.999}",
        text(ask("")));
  }

  private Response scrape(String accept) {
    Future<Response> response =
        unlimited.scraped(Request.get("/metrics").withHeader("Accept", accept));
    assertTrue(response.isReady(), response::toString);
    return response.get();
  }

  @Test
  void scrapers_getTheFormatTheyAccept() {
    metrics.add(new Counter("a/b"));
    String type = scrape("*/*").headers().first("Content-Type").orElseThrow();
    assertEquals("text/plain; version=0.0.4; charset=utf-8", type);
    assertEquals(
        "# HELP a_b_total a_b\n# TYPE a_b_total counter\na_b_total 0\n", scrape("*/*").text());
    String prometheus =
        "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    Response open = scrape(prometheus);
    assertEquals(
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        open.headers().first("Content-Type").orElseThrow());
    assertEquals("# HELP a_b a_b\n# TYPE a_b counter\na_b_total 0\n# EOF\n", open.text());
  }

  @Test
  void scrape_isOverAfterItsTimeout() {
    Promise<Double> pending = new Promise<>();
    metrics.add(PullGauge.async("pending", pending::future));
    Future<Response> response = unlimited.scraped(Request.get("/metrics?timeout=2secs"));
    advance(Duration.ofSeconds(1));
    assertTrue(response.isPending());
    advance(Duration.ofSeconds(1));
    assertEquals("", text(response));
    assertEquals(400, unlimited.scraped(Request.get("/metrics?timeout=x")).get().status().code());
  }

  @Test
  void requestsOverTheRate_waitInLine() {
    MetricsSnapshot limited =
        new MetricsSnapshot(metrics, Duration.ofMillis(500), clock, Runnable::run);
    Request request = Request.get("/metrics/snapshot");
    Future<Response> first = limited.answer(request);
    limited.answer(Request.get("/metrics/snapshot?timeout=soon")); // Takes no turn.
    Future<Response> second = limited.answer(request);
    Future<Response> third = limited.answer(request);
    assertEquals("{}", text(first));
    assertTrue(second.isPending());
    assertTrue(metrics.snapshot().isReady()); // Not for programs.

    advance(Duration.ofMillis(500));
    assertEquals("{}", text(second));
    assertTrue(third.isPending());
    limited.close();
    assertTrue(third.isDiscarded());
  }
}
