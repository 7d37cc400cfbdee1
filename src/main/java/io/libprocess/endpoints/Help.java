package io.libprocess.endpoints;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.web.BoundRoute;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The help texts of all routes, by process and path. All methods may be called from any thread. */
public final class Help {

  /** The texts of the routes of one path, by the methods that they name; mostly one, by "". */
  private record Entry(SortedMap<String, String> byMethods) {

    String text() {
      return byMethods.size() == 1
          ? byMethods.get(byMethods.firstKey())
          : byMethods.entrySet().stream()
              .map(entry -> (entry.getKey() + " " + entry.getValue()).strip())
              .collect(Collectors.joining("\n\n"));
    }
  }

  private final SortedMap<String, SortedMap<String, Entry>> texts = new TreeMap<>();

  /** Nothing yet. */
  public Help() {}

  /** Adds the text of a process's route, in place of that of one it replaces. */
  public synchronized void add(String id, Route route) {
    Entry entry =
        texts
            .computeIfAbsent(id, key -> new TreeMap<>())
            .computeIfAbsent(route.path(), key -> new Entry(new TreeMap<>()));
    if (route.methods().isEmpty()) {
      entry.byMethods.clear();
    }
    entry.byMethods.put(String.join(", ", route.methods()), route.help());
  }

  /** Removes all texts of a process. */
  public synchronized void remove(String id) {
    texts.remove(id);
  }

  /** {@code /help}. */
  public Endpoint endpoint() {
    BoundRoute pages =
        BoundRoute.of(
            Route.at("/").withBelow(), request -> Future.of(answer(request, below(request))));
    return new Endpoint("help", List.of(pages), false);
  }

  /** What follows {@code /help/}; a slash at the end counts behind an id: it is its root's. */
  private static String below(Request request) {
    String path = CanonicalPath.of(request.path());
    int start = path.indexOf('/', 1);
    String below = start < 0 ? "" : path.substring(start + 1);
    boolean isRoot = !below.isEmpty() && below.indexOf('/') < 0 && request.path().endsWith("/");
    return isRoot ? below + "/" : below;
  }

  /**
   * Answers a request.
   *
   * @param rest empty, the id of a process, or that with the path of a route
   */
  private Response answer(Request request, String rest) {
    if (rest.isEmpty()) {
      return request.query("format").filter("json"::equals).isPresent()
          ? Response.json(json())
          : page(request, overview());
    }
    int slash = rest.indexOf('/');
    String id = slash < 0 ? rest : rest.substring(0, slash);
    String text = slash < 0 ? process(id) : route(id, rest.substring(slash));
    return text == null
        ? Response.of(400, "No help available for '/" + rest + "'.\n")
        : page(request, text);
  }

  private synchronized String overview() {
    StringBuilder page = new StringBuilder("## HELP\n\n");
    for (Map.Entry<String, SortedMap<String, Entry>> process : texts.entrySet()) {
      page.append("* /").append(process.getKey()).append('\n');
      process
          .getValue()
          .forEach(
              (path, entry) ->
                  page.append("    * ")
                      .append(usage(process.getKey(), path))
                      .append("  ")
                      .append(firstLine(entry.text()))
                      .append('\n'));
    }
    return page.append("\n> More: /help/<id>, /help/<id>/<path>, /help?format=json\n").toString();
  }

  private synchronized String process(String id) {
    SortedMap<String, Entry> routes = texts.get(id);
    if (routes == null) {
      return null;
    }
    StringBuilder page = new StringBuilder("## `/").append(id).append("` ##\n\n");
    routes.forEach(
        (path, entry) ->
            page.append("* ")
                .append(usage(id, path))
                .append("  ")
                .append(firstLine(entry.text()))
                .append('\n'));
    return page.toString();
  }

  private synchronized String route(String id, String path) {
    SortedMap<String, Entry> routes = texts.get(id);
    Entry entry = routes == null ? null : routes.get(path);
    return entry == null ? null : stored(id, path, entry.text());
  }

  private static String stored(String id, String path, String text) {
    return text.isEmpty()
        ? "## No help page for `" + usage(id, path) + "`\n"
        : "### USAGE ###\n>        " + usage(id, path) + "\n\n" + text + "\n";
  }

  private static String usage(String id, String path) {
    return "/" + id + (path.equals("/") ? "" : path);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private synchronized String json() {
    JsonWriter json = new JsonWriter().beginObject().name("processes").beginArray();
    texts.forEach(
        (id, routes) -> {
          json.beginObject().name("id").value(id).name("endpoints").beginArray();
          routes.forEach(
              (path, entry) ->
                  json.beginObject()
                      .name("name")
                      .value(path)
                      .name("text")
                      .value(stored(id, path, entry.text()))
                      .endObject());
          json.endArray().endObject();
        });
    return json.endArray().endObject().text();
  }

  /** Markdown for command-line clients, and the same in a page for browsers. */
  private static Response page(Request request, String markdown) {
    String agent = request.headers().first("User-Agent").orElse("");
    if (agent.startsWith("curl") || agent.startsWith("HTTPie")) {
      return Response.ok(markdown, "text/x-markdown; charset=utf-8");
    }
    String escaped = markdown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return Response.ok(
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>Help</title><pre>" + escaped + "</pre>",
        "text/html; charset=utf-8");
  }
}
