package io.libprocess.endpoints;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Status;
import io.libprocess.internal.Log;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.web.BoundRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code /health}: whether requests should be sent to this node, for load balancers; and {@code
 * /health/live}: whether it answers at all. Both are in no realm, and say no more than that.
 */
public final class HealthPage {

  private static final String ID = "health";
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static final String HELP =
      """
      Whether requests should be sent to this node.

      200 and a JSON object with `status` `up`, or 503 and `down` or `draining`; `checks` says which
      of the checks that the program has added is `up` and which `down`.
      """;

  private final Supplier<Map<String, CheckedSupplier<Future<Boolean>>>> checks;
  private final BooleanSupplier draining;

  private HealthPage(
      Supplier<Map<String, CheckedSupplier<Future<Boolean>>>> checks, BooleanSupplier draining) {
    this.checks = checks;
    this.draining = draining;
  }

  /**
   * The endpoint.
   *
   * @param checks asked each time
   * @param draining whether no more requests should be sent
   */
  public static Endpoint endpoint(
      Supplier<Map<String, CheckedSupplier<Future<Boolean>>>> checks, BooleanSupplier draining) {
    HealthPage page = new HealthPage(checks, draining);
    return new Endpoint(
        ID,
        List.of(
            BoundRoute.of(Route.at("/").help(HELP), request -> page.health()),
            BoundRoute.of(
                Route.at("/live").help("Whether this node answers at all."),
                request -> Future.of(answer(Status.OK, "up", Map.of(), List.of())))),
        true);
  }

  private Future<Response> health() {
    Map<String, CheckedSupplier<Future<Boolean>>> asked = checks.get();
    List<Future<Boolean>> answers = new ArrayList<>();
    asked.forEach((name, check) -> answers.add(ask(name, check)));
    return Futures.collect(answers).map(results -> health(asked, results));
  }

  private Response health(
      Map<String, CheckedSupplier<Future<Boolean>>> asked, List<Boolean> results) {
    if (draining.getAsBoolean()) {
      return answer(Status.SERVICE_UNAVAILABLE, "draining", asked, results)
          .withHeader("Connection", "close");
    }
    return results.contains(false)
        ? answer(Status.SERVICE_UNAVAILABLE, "down", asked, results)
        : answer(Status.OK, "up", asked, results);
  }

  /** The result of a check; false if there is none in time. */
  private static Future<Boolean> ask(String name, CheckedSupplier<Future<Boolean>> check) {
    return Future.of(check)
        .then(asked -> asked.get())
        .map(Boolean.TRUE::equals)
        .after(
            LIMIT,
            late -> {
              late.discard();
              return Future.failed("no answer within " + LIMIT);
            })
        .recover(
            done -> {
              if (done.isFailed()) {
                Log.warning(() -> "The health check '" + name + "' failed", done.failure());
              }
              return Future.of(false);
            });
  }

  private static Response answer(
      Status status, String text, Map<String, ?> asked, List<Boolean> results) {
    JsonWriter json = new JsonWriter().beginObject().name("status").value(text);
    json.name("checks").beginObject();
    int i = 0;
    for (String name : asked.keySet()) {
      json.name(name).value(results.get(i++) ? "up" : "down");
    }
    json.endObject().endObject();
    return Response.json(json.text()).withStatus(status).withHeader("Cache-Control", "no-store");
  }
}
