package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code /metrics/snapshot} over a connection. */
@Timeout(60)
class MetricsEndpointTest {

  @Test
  void snapshot() throws IOException {
    Config config = Config.builder().snapshotInterval(Duration.ZERO).build();
    try (Node node = Node.start(config)) {
      Reply reply = RawClient.fetch(node, "/metrics/snapshot");
      assertEquals(200, reply.status());
      assertTrue(reply.text().contains("\"libprocess/dropped_events\":0.0"), reply.text());
      assertEquals(400, RawClient.fetch(node, "/metrics/snapshot?timeout=foobar").status());
      assertTrue(
          RawClient.fetch(node, "/help/metrics/snapshot").text().contains("/metrics/snapshot"));
    }
  }

  @Test
  void snapshotAuthenticationEnabled() throws IOException {
    Config config = Guarded.configWithPasswordFor("libprocess-readonly").build();
    try (Node node = Node.start(config)) {
      assertEquals(401, RawClient.fetch(node, "/metrics/snapshot").status());
    }
  }
}
