package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Url;
import io.libprocess.support.Expect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The reference page of metrics names every metric that a node has. */
@Timeout(100)
class MetricsTableTest {

  @Test
  void everyMetric_isExplained() throws Exception {
    String page = Documentation.text(Documentation.PAGES.resolve("metrics.html"));
    try (Node node = Node.start(Config.builder().build())) {
      Expect.ready(node.http().get(Url.of(node.address()).withTarget("/help")));
      for (String name : Expect.ready(node.metrics().snapshot()).keySet()) {
        int labels = name.indexOf('{');
        boolean isStatistic = name.indexOf('/') != name.lastIndexOf('/') && labels < 0;
        String base = labels < 0 ? name : name.substring(0, labels);
        String asked = isStatistic ? base.substring(0, base.lastIndexOf('/')) : base;
        String row = "<code>" + asked;
        assertTrue(page.contains(row + "</code>") || page.contains(row + "{"), name);
      }
    }
  }
}
