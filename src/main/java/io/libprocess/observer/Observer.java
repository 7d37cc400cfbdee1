package io.libprocess.observer;

import io.libprocess.endpoints.Background;
import io.libprocess.endpoints.Endpoint;
import io.libprocess.endpoints.Realms;
import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.json.Json;
import io.libprocess.service.Service;
import io.libprocess.time.Clock;
import io.libprocess.web.BoundRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The endpoint {@code /observer}: a page that shows the node live, with the data that it asks for.
 * All methods may be called from any thread.
 */
public final class Observer implements AutoCloseable {

  /** The routes by path, which every node has: to make them is a good part of its start. */
  private static final Map<String, Route> LOOKING = new ConcurrentHashMap<>();

  private static final String HELP =
      """
      A page for browsers that shows the node live.

      Processes with what waits for them and a trace of what they serve, links, requests in flight,
      charts, metrics, the log, and profiles. Unless `LIBPROCESS_OBSERVER` is `on` it is shown to
      browsers on this host only. `/observer/stream` has the same as server-sent events.
      """;

  private static final Duration METRICS_TIMEOUT = Duration.ofSeconds(2);
  private static final int MOST_METRICS = 2_000;

  private final ObservedNode node;
  private final Guard guard;
  private final Background background;
  private final Observation observation;
  private final Profiles profiles;

  /**
   * Makes the observer of a node.
   *
   * @param isForAll whether browsers on other hosts may open it
   * @param blocking runs slow work
   */
  public Observer(ObservedNode node, boolean isForAll, Clock clock, Executor blocking) {
    this.node = node;
    guard = new Guard(isForAll);
    background = new Background(blocking);
    observation = new Observation(node, new LogTail(), clock, blocking);
    profiles = new Profiles(clock, background);
  }

  /** The endpoint {@code /observer}, with everything below it. */
  public Endpoint endpoint() {
    List<BoundRoute> routes = new ArrayList<>();
    routes.add(looking("/", HELP, request -> file("observer.html", request)));
    Page.FILES.forEach(file -> routes.add(looking("/" + file, "", request -> file(file, request))));
    routes.add(looking("/stream", "Server-sent events.", request -> Future.of(observation.open())));
    routes.add(looking("/process", "One process, by its `id`.", this::process));
    routes.add(looking("/links", "Links and other nodes.", request -> json(node::links)));
    routes.add(
        looking("/connections", "Connections and requests.", request -> json(node::connections)));
    routes.add(looking("/metrics", "Metrics whose names match `search`.", this::metrics));
    routes.add(changing("/trace", "Traces the process `id` if `on=true`.", this::trace));
    routes.add(changing("/profile", "Profiles the JVM for some `seconds`.", profiles::record));
    routes.add(
        bound(
            Route.get("/recording").realm(Realms.READ_WRITE).help("The last profile, for JFR."),
            profiles::recording));
    return new Endpoint("observer", routes, true, this::close);
  }

  private BoundRoute looking(String path, String help, Service<Request, Response> handler) {
    Route route =
        LOOKING.computeIfAbsent(
            path, key -> Route.get(key).exactly().realm(Realms.READ_ONLY).help(help));
    return bound(route, handler);
  }

  private BoundRoute changing(String path, String help, Service<Request, Response> handler) {
    return bound(Route.post(path).exactly().realm(Realms.READ_WRITE).help(help), handler);
  }

  private BoundRoute bound(Route route, Service<Request, Response> handler) {
    return BoundRoute.of(route, guard.guarding(handler));
  }

  /** Answers with a file of the page, which is read from the jar. */
  private Future<Response> file(String name, Request request) {
    return background.call(() -> Page.answer(name, request));
  }

  private Future<Response> json(Supplier<Map<String, Object>> maker) {
    return background.call(() -> answer(maker.get()));
  }

  private static Response answer(Map<String, Object> members) {
    return Response.json(Json.text(members)).withHeader("Cache-Control", "no-store");
  }

  private Future<Response> process(Request request) {
    String id = request.query("id").orElse("");
    return json(
        () -> {
          Map<String, Object> members = new LinkedHashMap<>();
          node.process(id).ifPresentOrElse(members::putAll, () -> members.put("gone", true));
          request
              .query("trace")
              .ifPresent(after -> members.put("trace", node.traced(id, number(after, 0))));
          return members;
        });
  }

  private Future<Response> trace(Request request) {
    String id = request.query("id").orElse("");
    boolean on = request.query("on").filter("true"::equals).isPresent();
    return Future.of(
        switch (node.trace(id, on)) {
          case DONE -> answer(Map.of("on", on));
          case NO_PROCESS -> Response.notFound("There is no process '" + id + "'.\n");
          case TOO_MANY ->
              Response.conflict("'" + id + "' cannot be traced: too many others are.\n");
        });
  }

  private static long number(String text, long otherwise) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private Future<Response> metrics(Request request) {
    String words = request.query("search").orElse("").toLowerCase(Locale.ROOT).strip();
    return background
        .then(() -> node.metrics().snapshot(METRICS_TIMEOUT))
        .map(numbers -> answer(found(numbers, words.split("\\s+"))));
  }

  private Map<String, Object> found(SortedMap<String, Double> numbers, String[] words) {
    Map<String, Object> shown = new LinkedHashMap<>();
    int total = 0;
    for (Map.Entry<String, Double> number : numbers.entrySet()) {
      String name = number.getKey().toLowerCase(Locale.ROOT);
      if (Double.isFinite(number.getValue()) && List.of(words).stream().allMatch(name::contains)) {
        total++;
        if (shown.size() < MOST_METRICS) {
          shown.put(number.getKey(), number.getValue());
        }
      }
    }
    return Map.of("t", observation.now(), "total", total, "metrics", shown);
  }

  /** Ends all streams, so that the node does not wait for them, and drops profiles. */
  @Override
  public void close() {
    observation.close();
    profiles.close();
  }
}
