package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Exit.Reason;
import io.libprocess.Plain.Gone;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Links over a network that forwards nothing and says so to nobody. */
class HeartbeatTest {

  private static final Duration LIMIT = Duration.ofSeconds(12);
  private static final Duration STEP = Duration.ofSeconds(1); // The period of the checks.

  private final Clock clock = Clock.paused(Instant.EPOCH);

  private Node start(int advertisedPort) {
    Config.Builder builder = Config.builder().clock(clock);
    builder.messageLimits(MessageLimits.defaults().withHeartbeat(LIMIT));
    if (advertisedPort > 0) {
      builder.advertisePort(advertisedPort);
    }
    return Node.start(builder.build());
  }

  @Test
  void halfOpenLink_isFoundWithinTheTime() throws Exception {
    try (FaultyProxy proxy = new FaultyProxy();
        Node node = start(0);
        Node other = start(proxy.address().port())) {
      proxy.target(other.listeningAddress().port());
      UPID there = new UPID(other.spawn(new Plain()).id(), proxy.address());
      Plain linker = new Plain();
      PID<Plain> linking = node.spawn(linker);
      linking.dispatch(p -> p.link(there));
      proxy.awaitConnection();
      for (int i = 0; i < 60; i++) { // Five times the limit, on a connection that works.
        clock.advance(STEP);
        clock.settle();
        roundTrip(node, there);
      }
      assertTrue(linker.gone.isEmpty());
      proxy.partition();
      long steps = 0;
      while (linker.gone.isEmpty() && steps < LIMIT.toSeconds()) {
        clock.advance(STEP);
        clock.settle();
        Expect.ready(linking.call(p -> p));
        steps++;
      }
      Expect.next(new Gone(there, Reason.DISCONNECTED), linker.gone);
      assertTrue(steps > LIMIT.toSeconds() / 2, "given up after " + steps + " steps");
    }
  }

  /** Behind what the node has sent, so that all answers to that have come. */
  private static void roundTrip(Node node, UPID there) throws Exception {
    assertEquals(
        Delivery.ACCEPTED, Expect.ready(node.postConfirmed(UPID.NONE, there, "ping", new byte[0])));
  }
}
