package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.config.MessageLimits;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.support.Expect;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A duration without end is a limit that is never reached, not an arithmetic error. */
@Timeout(120)
class EndlessDurationsTest {

  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  private static Config.Builder endless() {
    Limits limits =
        Limits.builder().headTime(FOR_EVER).idleTime(FOR_EVER).bodyTime(FOR_EVER).build();
    return Config.builder()
        .httpLimits(limits)
        .httpClient(ClientSettings.builder().connectTime(FOR_EVER).limits(limits).build())
        .messageLimits(MessageLimits.builder().answerTime(FOR_EVER).heartbeat(FOR_EVER).build())
        .stallThreshold(FOR_EVER)
        .drainTimeout(FOR_EVER);
  }

  @Test
  void settings_mayAllBeEndless() throws Exception {
    try (Node node = Node.start(endless().build());
        Node other = Node.start(endless().build())) {
      Url help = Url.of(node.address()).withTarget("/help");
      Response response = Expect.ready(other.http().get(help));
      assertEquals(200, response.status().code());

      PID<Plain> pid = node.spawn(new Plain("p"));
      UPID remote = new UPID("p", node.address());
      assertEquals(
          Delivery.ACCEPTED,
          Expect.ready(other.postConfirmed(UPID.NONE, remote, "m", new byte[] {1})));
      assertEquals(1, pid.call(p -> p.unhandled.size()).get());
      node.terminate(pid);
      assertTrue(node.await(pid, FOR_EVER));
    }
  }

  @Test
  void supervisor_mayCountRestartsForEver() throws Exception {
    try (Node node = Node.start(endless().build())) {
      Supervisor supervisor = new Supervisor(1, FOR_EVER);
      PID<Supervisor> pid = node.spawn(supervisor);
      assertTrue(pid.call(s -> true).get());
    }
  }
}
