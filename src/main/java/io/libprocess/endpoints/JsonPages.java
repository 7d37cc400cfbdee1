package io.libprocess.endpoints;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.web.BoundRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Read-only pages of JSON below one id, in the realm for reading. They are made on the threads for
 * blocking calls.
 */
public final class JsonPages {

  /**
   * A page.
   *
   * @param path the path below the id; may have variables
   * @param help one line or a page of Markdown
   * @param value makes the page for a request: maps, lists, texts, numbers and booleans; if it is
   *     empty, the answer is 404
   */
  public record Page(String path, String help, Function<Request, Optional<Object>> value) {}

  private JsonPages() {}

  /** Makes the endpoint. */
  public static Endpoint endpoint(String id, List<Page> pages, Executor blocking) {
    Background background = new Background(blocking);
    List<BoundRoute> routes = new ArrayList<>();
    for (Page page : pages) {
      Route route = Route.at(page.path()).realm(Realms.READ_ONLY).help(page.help());
      routes.add(
          BoundRoute.of(
              route, request -> background.call(() -> answer(page.value().apply(request)))));
    }
    return new Endpoint(id, routes, true);
  }

  /** Answers with a JSON text, as the argument of a function if the request has {@code jsonp}. */
  static Response jsonp(Request request, String json) {
    return request
        .query("jsonp")
        .map(function -> Response.jsonp(json, function))
        .orElseGet(() -> Response.json(json));
  }

  private static Response answer(Optional<Object> value) {
    return value
        .map(found -> Response.json(new JsonWriter().any(found).text()))
        .orElseGet(Response::notFound);
  }
}
