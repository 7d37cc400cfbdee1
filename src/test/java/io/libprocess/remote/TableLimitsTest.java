package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import java.lang.reflect.Field;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The records of other nodes are bounded. */
@Timeout(60)
class TableLimitsTest {

  private final LonelyNode node = new LonelyNode();
  private final Peers peers = node.peers;

  @AfterEach
  void close() {
    node.close();
  }

  /**
   * Forgetting that a node is of this library costs half a second at the next link, and no more.
   */
  @Test
  void nodesThatWereRecognized_areForgottenWhenTheyAreTooMany() throws Exception {
    Field field = Peers.class.getDeclaredField("recognized");
    field.setAccessible(true);
    Set<?> recognized = (Set<?>) field.get(peers);
    for (int i = 1; i <= 10_000; i++) {
      peers.recognize(Address.loopback(i));
    }
    assertEquals(10_000, recognized.size());

    for (int i = 10_001; i <= 25_000; i++) {
      peers.recognize(Address.loopback(i));
      assertTrue(recognized.size() <= 10_000, "remembered: " + recognized.size());
    }
    assertTrue(recognized.contains(Address.loopback(25_000)));
  }
}
