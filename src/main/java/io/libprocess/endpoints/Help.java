package io.libprocess.endpoints;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.web.BoundRoute;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The help texts of all routes, by process and path. All methods may be called from any thread. */
public final class Help {

  /** The texts of the routes of one path, by their methods; usually there is one, under "". */
  private record Entry(SortedMap<String, String> byMethods) {

    String text() {
      return byMethods.size() == 1
          ? byMethods.get(byMethods.firstKey())
          : byMethods.entrySet().stream()
              .map(entry -> (entry.getKey() + " " + entry.getValue()).strip())
              .collect(Collectors.joining("\n\n"));
    }
  }

  /** Renders the Markdown that it carries: headings, quotes, links to names, and code. */
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en"><meta charset="utf-8"><title>Help</title>
      <meta name="viewport" content="width=device-width">
      <style>
      body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 50rem; \
      padding: 0 1rem; color-scheme: light dark; }
      pre, code { font-family: ui-monospace, monospace; white-space: pre-wrap; }
      blockquote { margin: 0 0 0 1rem; white-space: pre-wrap; }
      </style>
      <main id="page"></main>
      <script id="markdown" type="application/json">MARKDOWN</script>
      <script>
      const lines = JSON.parse(document.getElementById('markdown').textContent).split('\\n');
      const links = {}, text = [];
      for (const line of lines) {
        const link = line.match(/^\\[(.+)\\]: (\\S+)$/);
        if (link) { links[link[1]] = link[2]; } else { text.push(line); }
      }
      const page = document.getElementById('page');
      const add = (tag, to) => to.appendChild(document.createElement(tag));
      const base = new URL('/help/', location.href);
      function inline(line, to) {
        for (const part of line.split(/(`[^`]+`|\\[[^\\]]+\\]\\[[^\\]]+\\])/)) {
          const link = part.match(/^\\[([^\\]]+)\\]\\[([^\\]]+)\\]$/);
          if (link && links[link[2]]) {
            const anchor = add('a', to);
            anchor.textContent = link[1];
            anchor.href = new URL(links[link[2]].replace(/^help\\//, ''), base);
          } else if (/^`.+`$/.test(part)) {
            add('code', to).textContent = part.slice(1, -1);
          } else {
            to.append(part);
          }
        }
      }
      for (const line of text) {
        const heading = line.match(/^(#+) (.*?) ?#*$/);
        if (heading) {
          inline(heading[2], add('h' + heading[1].length, page));
        } else if (line.startsWith('>')) {
          inline(line.slice(1).trim(), add('blockquote', page));
        } else if (line) {
          inline(line, add('p', page));
        }
      }
      </script>
      </html>
      """;

  /** How many ids that once had routes are remembered. */
  private static final int MOST_SEEN = 10_000;

  private final Optional<String> delegate;
  private final SortedMap<String, SortedMap<String, Entry>> texts = new TreeMap<>();
  // In the order in which they were first seen.
  private final Set<String> seen = new LinkedHashSet<>();

  /**
   * Makes an empty help.
   *
   * @param delegate the id of the process whose routes are also reached without it
   */
  public Help(Optional<String> delegate) {
    this.delegate = delegate;
  }

  /** Adds the text of a process's route, in place of the text of a route that it replaces. */
  public synchronized void add(String id, Route route) {
    if (seen.add(id) && seen.size() > MOST_SEEN) {
      seen.remove(seen.iterator().next());
    }
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

  /** The endpoint {@code /help}. */
  public Endpoint endpoint() {
    BoundRoute pages =
        BoundRoute.of(
            Route.at("/").withBelow(), request -> Future.of(answer(request, below(request))));
    return new Endpoint("help", List.of(pages), false);
  }

  /**
   * The path below {@code /help/}; a trailing slash counts after an id: it names the root's route.
   */
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
   * @param rest empty, the id of a process, or an id with the path of a route
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
    if (text != null) {
      return page(request, text);
    }
    return hasBeen(id)
        ? Response.of(400, "No help available for '/" + rest + "'.\n")
        : Response.notFound();
  }

  private synchronized boolean hasBeen(String id) {
    return seen.contains(id);
  }

  private synchronized String overview() {
    StringBuilder page = new StringBuilder("## HELP\n\n");
    StringBuilder links = new StringBuilder("\n");
    for (String id : texts.keySet()) {
      page.append("> [/").append(id).append("][").append(id).append("]\n");
      links.append('[').append(id).append("]: help/").append(segment(id)).append('\n');
    }
    return page.append(links).toString();
  }

  private synchronized String process(String id) {
    SortedMap<String, Entry> routes = texts.get(id);
    if (routes == null) {
      return null;
    }
    StringBuilder page = new StringBuilder("## `/").append(id).append("` ##\n\n");
    StringBuilder links = new StringBuilder("\n");
    routes.forEach(
        (path, entry) -> {
          page.append("> [").append(usage(id, path)).append("][").append(path).append("] ");
          page.append(firstLine(entry.text())).append('\n');
          links.append('[').append(path).append("]: ").append(segment(id));
          links.append(link(path)).append('\n');
        });
    return page.append(links).toString();
  }

  /** Encodes an id as a segment of a path. */
  private static String segment(String id) {
    return CanonicalPath.encoded(id);
  }

  /** Encodes a route's path for a link to its page. */
  private static String link(String path) {
    return path.replace("{", "%7B").replace("}", "%7D");
  }

  private synchronized String route(String id, String path) {
    SortedMap<String, Entry> routes = texts.get(id);
    Entry entry = routes == null ? null : routes.get(path);
    return entry == null ? null : stored(id, path, entry.text());
  }

  private String stored(String id, String path, String text) {
    if (text.isEmpty()) {
      return "## No help page for `" + usage(id, path) + "`\n";
    }
    String without = delegate.filter(id::equals).isPresent() ? ">        " + path + "\n" : "";
    return "### USAGE ###\n" + without + ">        " + usage(id, path) + "\n\n" + text + "\n";
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
    String json = new JsonWriter().value(markdown).text().replace("<", "\\u003c");
    return Response.ok(PAGE.replace("MARKDOWN", json), "text/html; charset=utf-8");
  }
}
