package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Histogram;
import io.libprocess.metrics.PullGauge;
import io.libprocess.metrics.Stopwatch;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The output of {@code /metrics} is read by Prometheus' own tool and by its client for Python. */
@Timeout(200)
class ScrapersTest {

  private static final String ACCEPT_OPEN_METRICS =
      "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

  /** Reads a text by the parser named first, and says what it has found of three families. */
  private static final String PARSE =
      """
      import sys
      if sys.argv[1] == 'open':
          from prometheus_client.openmetrics.parser import text_string_to_metric_families
      else:
          from prometheus_client.parser import text_string_to_metric_families
      text = open(sys.argv[2], encoding='utf-8', newline='').read()
      families = {}
      for family in text_string_to_metric_families(text):
          if family.name in families:
              raise Exception('twice: ' + family.name)
          if family.type == 'unknown' or not family.documentation:
              raise Exception('undescribed: ' + family.name)
          families[family.name] = family
      for name in ['orders', 'libprocess_http_request_seconds', 'orders_taken_seconds']:
          family = families[name]
          print(name, family.type, len(family.samples))
      for sample in families['orders'].samples:
          print(sample.name, sample.labels, sample.value)
      """;

  private static final class Shop extends Process<Shop> {
    Shop() {
      super("shop \"north\"(7)");
    }

    @Override
    protected void initialize() {
      route("/", "Greets.", request -> Future.of(Response.ok("hello")));
      route("/{id}", "One.", request -> Future.of(Response.notFound()));
    }
  }

  private static String scrape(Node node, String accept) throws Exception {
    try (RawClient client = new RawClient(node.address().port())) {
      client.send("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: " + accept + "\r\n\r\n");
      Reply reply = client.reply();
      assertEquals(200, reply.status());
      return reply.text();
    }
  }

  private static Node busyNode() throws Exception {
    Node node = Node.start(Config.builder().build());
    PID<Shop> pid = node.spawn(new Shop());
    for (int i = 0; i < 1000; i++) {
      pid.dispatch(p -> {});
    }
    Expect.ready(pid.call(p -> null));
    try (RawClient client = new RawClient(node.address().port())) {
      client.fetch("/shop%20%22north%22(7)");
      client.fetch("/shop%20%22north%22(7)/book");
      client.fetch("/nobody");
    }
    Counter north = new Counter("orders{shop=\"no\\\"rth\\\\\",kind=\"a\\nb\"}");
    north.add(3);
    node.metrics().add(north);
    node.metrics().add(new Counter("orders{shop=\"south\"}", Duration.ofHours(1)));
    node.metrics().describe("orders", "Orders \"so far\",\nwith \\ all.");
    Stopwatch taken = new Stopwatch("orders/taken", ChronoUnit.MILLIS);
    taken.start();
    taken.stop();
    node.metrics().add(taken);
    Histogram sizes = Histogram.ofNumbers("orders/size");
    sizes.record(12);
    node.metrics().add(sizes);
    node.metrics().add(PullGauge.of("orders/odd", () -> Double.NaN));
    return node;
  }

  @Test
  void promtool_hasNothingToSay() throws Exception {
    Program promtool = Program.named("promtool");
    try (Node node = busyNode()) {
      assertEquals("", promtool.runWithInput(scrape(node, "*/*"), "check", "metrics"));
    }
  }

  @Test
  void clientOfAnotherMake_readsBothFormats() throws Exception {
    Program python = Program.named("python3", "-c", "import prometheus_client");
    try (Node node = busyNode()) {
      parses(python, "text", scrape(node, "*/*"));
      parses(python, "open", scrape(node, ACCEPT_OPEN_METRICS));
    }
  }

  private static void parses(Program python, String parser, String text) throws Exception {
    String found = python.runScript(PARSE, parser, text);
    assertTrue(found.contains("orders counter 2\n"), found);
    assertTrue(found.contains("libprocess_http_request_seconds histogram "), found);
    assertTrue(found.contains("orders_taken_seconds gauge 1\n"), found);
    assertTrue(found.contains("orders_total {'shop': 'no\"rth\\\\', 'kind': 'a\\nb'} 3"), found);
  }
}
