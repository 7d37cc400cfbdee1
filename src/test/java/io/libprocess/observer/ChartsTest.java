package io.libprocess.observer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.ServerEvent;
import io.libprocess.http.Url;
import io.libprocess.internal.json.Json;
import io.libprocess.stream.Pipe;
import io.libprocess.support.Expect;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page leaves out what a node does not tell: a misspelt metric would not be missed. */
class ChartsTest {

  private static final Pattern SERIES = Pattern.compile("\\['(\\w+)', '");

  @Test
  void node_tellsAllThatChartsAndTilesShow() {
    try (Node node = Node.start(Config.builder().build())) {
      Url url = Url.parse("http://" + node.address() + "/observer/stream");
      Response response = Expect.ready(node.http().stream(url, Request.get("/observer/stream")));
      Pipe.Reader<ServerEvent> events =
          ((Body.Streamed) response.body())
              .reader().stream().via(ServerEvent.decode(Integer.MAX_VALUE)).reader();
      assertEquals("hello", Expect.ready(events.read()).orElseThrow().type());
      String tick = Expect.ready(events.read()).orElseThrow().data();
      events.close();

      Map<?, ?> point = (Map<?, ?>) ((Map<?, ?>) Json.parse(tick)).get("point");
      Set<String> missing = shown("charts.js");
      missing.addAll(shown("main.js"));
      assertTrue(missing.size() > 20, missing::toString);
      missing.removeIf(point::containsKey);
      assertEquals(Set.of(), missing);
    }
  }

  /** What a file of the page takes from a point. */
  private static Set<String> shown(String file) {
    String script = Page.answer(file, Request.get("/observer/" + file)).text();
    Set<String> names = new TreeSet<>();
    for (String line : script.lines().toList()) {
      Matcher series = SERIES.matcher(line);
      while ((line.contains("format: ") || line.startsWith("  ['")) && series.find()) {
        names.add(series.group(1));
      }
    }
    return names;
  }
}
