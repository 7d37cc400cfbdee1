package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.metrics.PullGauge;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeMetricsTest {

  private static double read(Node node, String name) throws Exception {
    return Expect.ready(node.metrics().snapshot()).get(name);
  }

  @Test
  void pullGauge_asksAProcess() throws Exception {
    try (Node node = Node.start(Config.builder().build())) {
      PID<Plain> pid = node.spawn(new Plain());
      PullGauge gauge = PullGauge.async("gauge", () -> pid.call(p -> 42.0));
      assertTrue(node.metrics().add(gauge).isReady());
      assertEquals(42, read(node, "gauge"));

      // What it asks is dropped, so there is no value, and nobody waits for it.
      node.terminate(pid);
      assertTrue(node.await(pid, Duration.ofSeconds(20)));
      assertTrue(!Expect.ready(node.metrics().snapshot()).containsKey("gauge"));
    }
  }

  @Test
  void stalls_areCounted() throws Exception {
    Config config = Config.builder().stallThreshold(Duration.ofMillis(20)).build();
    try (LogCapture log = new LogCapture();
        Node node = Node.start(config)) {
      assertEquals(0, read(node, "libprocess/stalls"));
      CountDownLatch goOn = new CountDownLatch(1);
      node.spawn(new Plain("staller")).dispatch(p -> Expect.opened(goOn));
      log.await("staller@");
      assertTrue(read(node, "libprocess/stalls") >= 1);
      goOn.countDown();
    }
  }

  @Test
  void dropsOfAllMailboxes_areCounted() throws Exception {
    try (Node node = Node.start(Config.builder().workers(2).build())) {
      CountDownLatch gate = new CountDownLatch(1);
      for (int i = 0; i < 2; i++) {
        Limited process = new Limited();
        PID<Limited> pid = node.spawn(process);
        CountDownLatch serving = new CountDownLatch(1);
        pid.dispatch(
            p -> {
              serving.countDown();
              Expect.opened(gate);
            });
        Expect.opened(serving);
        pid.dispatch(p -> {});
        pid.dispatch(p -> {});
        node.post(pid, "message", new byte[0]);
        assertEquals(2, process.mailboxDrops());
      }
      assertEquals(4, read(node, "libprocess/dropped_events"));
      gate.countDown();
    }
  }

  private static final class Limited extends Process<Limited> {
    Limited() {
      mailboxLimit(1);
    }
  }
}
