package io.libprocess.endpoints;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.json.JsonWriter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The help texts of all routes, by process and path. All methods may be called from any thread. */
public final class Help {

  private final SortedMap<String, SortedMap<String, String>> texts = new TreeMap<>();

  /** Nothing yet. */
  public Help() {}

  /** Adds a route's text, in place of one there was. */
  public synchronized void add(String id, String path, String text) {
    texts.computeIfAbsent(id, key -> new TreeMap<>()).put(path, text);
  }

  /** Removes all texts of a process. */
  public synchronized void remove(String id) {
    texts.remove(id);
  }

  /**
   * Answers a request for {@code /help}, {@code /help/id} or {@code /help/id/path}.
   *
   * @param below the path below {@code /help}
   */
  public Response answer(Request request, String below) {
    String rest = below.startsWith("/") ? below.substring(1) : below;
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
    for (Map.Entry<String, SortedMap<String, String>> process : texts.entrySet()) {
      page.append("* /").append(process.getKey()).append('\n');
      process
          .getValue()
          .forEach(
              (path, text) ->
                  page.append("    * ")
                      .append(usage(process.getKey(), path))
                      .append("  ")
                      .append(firstLine(text))
                      .append('\n'));
    }
    return page.append("\n> More: /help/<id>, /help/<id>/<path>, /help?format=json\n").toString();
  }

  private synchronized String process(String id) {
    SortedMap<String, String> routes = texts.get(id);
    if (routes == null) {
      return null;
    }
    StringBuilder page = new StringBuilder("## `/").append(id).append("` ##\n\n");
    routes.forEach(
        (path, text) ->
            page.append("* ")
                .append(usage(id, path))
                .append("  ")
                .append(firstLine(text))
                .append('\n'));
    return page.toString();
  }

  private synchronized String route(String id, String path) {
    SortedMap<String, String> routes = texts.get(id);
    String text = routes == null ? null : routes.get(path);
    return text == null ? null : stored(id, path, text);
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
              (path, text) ->
                  json.beginObject()
                      .name("name")
                      .value(path)
                      .name("text")
                      .value(stored(id, path, text))
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
