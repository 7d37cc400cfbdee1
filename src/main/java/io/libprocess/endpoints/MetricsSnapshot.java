package io.libprocess.endpoints;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
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

/**
 * What all metrics say, as one JSON object. Requests that come too fast wait in line. All methods
 * may be called from any thread.
 */
public final class MetricsSnapshot implements AutoCloseable {

  private static final String REALM = "libprocess-readonly";

  private static final String HELP =
      """
      All metrics and the statistics of their histories, as a JSON object.

      `timeout=2secs` answers after that time at the latest, without those that have no value by \
      then. `jsonp=f` wraps the object. Requests that come too fast wait.
      """;

  private final Metrics metrics;
  private final Optional<RateLimiter> limiter;

  /**
   * The snapshots of some metrics.
   *
   * @param interval the least time between two of them; zero: none
   */
  public MetricsSnapshot(Metrics metrics, Duration interval, Clock clock) {
    this.metrics = metrics;
    limiter =
        interval.isZero() ? Optional.empty() : Optional.of(new RateLimiter(1, interval, 1, clock));
  }

  /** {@code /metrics/snapshot}. */
  public Endpoint endpoint() {
    Route route = Route.at("/snapshot").realm(REALM).help(HELP);
    return new Endpoint("metrics", List.of(BoundRoute.of(route, this::answer)), true, this::close);
  }

  /** Answers a request, at the latest when its {@code timeout} has passed after its turn. */
  public Future<Response> answer(Request request) {
    Optional<Duration> timeout;
    try {
      timeout = request.query("timeout").map(Durations::parse);
    } catch (IllegalArgumentException e) {
      String text = request.query("timeout").orElseThrow();
      return Future.of(
          Response.badRequest("Invalid timeout '" + text + "': " + e.getMessage() + ".\n"));
    }
    return limiter
        .map(RateLimiter::acquire)
        .orElseGet(Future::done)
        .then(permit -> timeout.map(metrics::snapshot).orElseGet(metrics::snapshot))
        .map(numbers -> response(request, json(numbers)));
  }

  private static Response response(Request request, String json) {
    return request
        .query("jsonp")
        .map(function -> Response.jsonp(json, function))
        .orElseGet(() -> Response.json(json));
  }

  private static String json(SortedMap<String, Double> numbers) {
    JsonWriter writer = new JsonWriter().beginObject();
    numbers.forEach(
        (name, number) -> {
          if (Double.isFinite(number)) { // JSON has no others.
            writer.name(name).value((double) number);
          }
        });
    return writer.endObject().text();
  }

  /** Discards the requests that wait. */
  @Override
  public void close() {
    limiter.ifPresent(RateLimiter::close);
  }
}
