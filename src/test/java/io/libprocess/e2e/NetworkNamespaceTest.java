package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.UPID;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two JVMs with a real network between them, which the kernel makes lose packets and be slow. */
@Timeout(300)
class NetworkNamespaceTest {

  private static final Duration HEARTBEAT = Duration.ofSeconds(4);
  private static final Duration GRACE = Duration.ofSeconds(30); // Far below TCP's own patience.
  private static final Duration OUTAGE = Duration.ofSeconds(3);

  private VirtualNetwork network;

  @BeforeEach
  void make() throws Exception {
    network = VirtualNetwork.make();
  }

  @AfterEach
  void remove() throws Exception {
    if (network != null) {
      network.close();
    }
  }

  private NodeProgram start(int side, String... settings) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("LIBPROCESS_IP", network.address(side));
    for (int i = 0; i < settings.length; i += 2) {
      environment.put("LIBPROCESS_MESSAGE_" + settings[i], settings[i + 1]);
    }
    return new NodeProgram(network.enter(side), environment);
  }

  private static void post(NodeProgram from, UPID to, int first, int count, int size)
      throws Exception {
    String posted = from.tell("post " + to + " " + first + " " + count + " " + size);
    assertEquals("posted " + count, posted);
  }

  @Test
  void link_overANetworkThatDropsEverythingEndsWithinTheHeartbeat() throws Exception {
    try (NodeProgram here = start(0, "HEARTBEAT", HEARTBEAT.toSeconds() + "secs");
        NodeProgram there = start(1)) {
      here.tell("link " + there.peer());
      post(here, there.peer(), 0, 1, 10);
      assertEquals("{ACCEPTED=1}", here.tell("deliveries"));

      long start = System.nanoTime();
      network.drop(1);

      assertEquals("exited " + there.peer() + " DISCONNECTED", here.nextExit());
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(taken.compareTo(HEARTBEAT.plus(GRACE)) < 0, taken::toString);
    }
  }

  @Test
  void slowNetwork_bringsWhatTheQueueTookAndDropsTheRest() throws Exception {
    int messages = 20_000;
    int size = 10_000; // Thrice what the heap can hold.
    try (NodeProgram here = start(0, "QUEUE_BYTES", "262144");
        NodeProgram there = start(1)) {
      network.slowDown(0);
      post(here, there.peer(), 0, messages, size);
      String deliveries = here.tell("deliveries");

      Matcher counts = Pattern.compile("\\{ACCEPTED=(\\d+), DROPPED=(\\d+)\\}").matcher(deliveries);
      assertTrue(counts.matches(), deliveries);
      int accepted = Integer.parseInt(counts.group(1));
      int dropped = Integer.parseInt(counts.group(2));
      assertEquals(messages, accepted + dropped);
      assertEquals("" + dropped, here.tell("metric libprocess/messages_dropped"));
      String received = there.tell("received");
      assertTrue(received.startsWith(accepted + " ") && received.endsWith(" wrong 0"), received);
      long heap = Long.parseLong(here.tell("heap"));
      assertTrue(heap < 32_000_000, "a heap of " + heap);

      post(here, there.peer(), messages, 10, size); // There is room again.
      assertEquals("{ACCEPTED=10}", here.tell("deliveries"));
    }
  }

  @Test
  void outage_thatHealsLosesAndRepeatsNothing() throws Exception {
    try (NodeProgram here = start(0);
        NodeProgram there = start(1)) {
      here.tell("link " + there.peer());
      post(here, there.peer(), 0, 1000, 100);
      assertEquals("{ACCEPTED=1000}", here.tell("deliveries"));

      network.drop(1);
      post(here, there.peer(), 1000, 1000, 100);
      Thread.sleep(OUTAGE.toMillis()); // That is what the outage is, nothing is awaited.
      post(here, there.peer(), 2000, 1000, 100);
      network.heal(1);

      assertEquals("{ACCEPTED=2000}", here.tell("deliveries"));
      assertEquals("3000 missing 0 wrong 0", there.tell("received"));
      assertFalse(here.hasExits());
    }
  }
}
