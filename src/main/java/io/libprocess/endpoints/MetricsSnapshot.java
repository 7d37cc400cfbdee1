package io.libprocess.endpoints;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.grammar.Accepts;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.metrics.Metrics;
import io.libprocess.settings.Durations;
import io.libprocess.sync.RateLimiter;
import io.libprocess.time.Clock;
import io.libprocess.web.BoundRoute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Executor;

/**
 * The endpoints of snapshots of all metrics: as one JSON object, for which requests that come too
 * fast wait in line, and as text for scrapers. The text is made on the threads for blocking calls,
 * since there may be many metrics, which must not hold up a worker. All methods may be called from
 * any thread.
 */
public final class MetricsSnapshot implements AutoCloseable {

  private static final String HELP =
      """
      All metrics and the statistics of their histories, as a JSON object.

      `timeout=2secs` answers after that time at the latest, without metrics that have no value by \
      then. `jsonp=f` wraps the object. Requests that come too fast wait.
      """;

  private static final String SCRAPE_HELP =
      """
      All metrics in Prometheus' text format, or as OpenMetrics for clients that accept only \
      that or list it.

      `timeout=2secs` answers after that time at the latest, without metrics that have no value by \
      then; the default is 10 seconds.
      """;

  private static final Duration SCRAPE_TIMEOUT = Duration.ofSeconds(10);
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String OPEN_METRICS_TYPE = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
  private static final String TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Metrics metrics;
  private final Background background;
  private final Optional<RateLimiter> limiter;

  /**
   * Makes the snapshots of some metrics.
   *
   * @param interval the least time between two of them; zero means no limit
   * @param blocking runs slow work
   */
  public MetricsSnapshot(Metrics metrics, Duration interval, Clock clock, Executor blocking) {
    this.metrics = metrics;
    background = new Background(blocking);
    limiter =
        interval.isZero() ? Optional.empty() : Optional.of(new RateLimiter(1, interval, 1, clock));
  }

  /** The endpoint with {@code /metrics} and {@code /metrics/snapshot}. */
  public Endpoint endpoint() {
    Route snapshot = Route.at("/snapshot").realm(Realms.READ_ONLY).help(HELP);
    Route scrape = Route.at("/").realm(Realms.READ_ONLY).help(SCRAPE_HELP);
    return new Endpoint(
        "metrics",
        List.of(BoundRoute.of(snapshot, this::answer), BoundRoute.of(scrape, this::scraped)),
        true,
        this::close);
  }

  /** Answers a scraper, in the format that it accepts. */
  public Future<Response> scraped(Request request) {
    Duration timeout;
    try {
      timeout = request.query("timeout").map(Durations::parse).orElse(SCRAPE_TIMEOUT);
    } catch (IllegalArgumentException e) {
      return Future.of(refusal(request, e));
    }
    String accepted = request.headers().first("Accept").orElse("");
    boolean isOpen = accepted.contains(OPEN_METRICS) && Accepts.mediaType(accepted, OPEN_METRICS);
    return background
        .then(() -> isOpen ? metrics.openMetrics(timeout) : metrics.prometheus(timeout))
        .map(text -> Response.ok(text, isOpen ? OPEN_METRICS_TYPE : TEXT_TYPE));
  }

  private static Response refusal(Request request, IllegalArgumentException why) {
    String text = request.query("timeout").orElseThrow();
    return Response.badRequest("Invalid timeout '" + text + "': " + why.getMessage() + ".\n");
  }

  /** Answers a request, at the latest when its {@code timeout} has passed after its turn. */
  public Future<Response> answer(Request request) {
    Optional<Duration> timeout;
    try {
      timeout = request.query("timeout").map(Durations::parse);
    } catch (IllegalArgumentException e) {
      return Future.of(refusal(request, e));
    }
    return limiter
        .map(RateLimiter::acquire)
        .orElseGet(Future::done)
        .then(
            permit ->
                background.then(() -> timeout.map(metrics::snapshot).orElseGet(metrics::snapshot)))
        .map(numbers -> JsonPages.jsonp(request, json(numbers)));
  }

  private static String json(SortedMap<String, Double> numbers) {
    JsonWriter writer = new JsonWriter().beginObject();
    numbers.forEach(
        (name, number) -> {
          if (Double.isFinite(number)) { // JSON has no other numbers.
            writer.name(name).value((double) number);
          }
        });
    return writer.endObject().text();
  }

  /** Discards the waiting requests. */
  @Override
  public void close() {
    limiter.ifPresent(RateLimiter::close);
  }
}
