package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.support.Counts;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {

  private static final int COST = 2500;

  private final NetworkAddress peer = Address.loopback(1);

  @Test
  void connections_areCountedWithTheirBytes() {
    OpenConnections connections = new OpenConnections(MemoryBudget.ofHeap());
    connections.opened(peer);
    connections.opened(peer);
    connections.closed(peer);
    connections.received(10);
    connections.received(20);
    connections.sent(3);
    connections.sent(4);
    assertEquals(
        Map.of("sockets", 1L, "sockets_opened", 2L, "received_bytes", 30L, "sent_bytes", 7L),
        Counts.of(connections));
  }

  @Test
  void connection_costsMemoryWhileItIsOpen() {
    MemoryBudget memory = new MemoryBudget(100_000);
    OpenConnections connections = new OpenConnections(memory);
    assertSame(memory, connections.memory());
    connections.opened(peer);
    connections.opened(peer);
    assertEquals(2 * COST, memory.used());
    connections.closed(peer);
    assertEquals(COST, memory.used());
  }

  @Test
  void connections_mayTakeAHalfOfTheMemory() {
    OpenConnections connections = new OpenConnections(new MemoryBudget(2 * 3 * COST));
    connections.opened(peer);
    connections.opened(peer);
    assertFalse(connections.areMost());
    connections.opened(peer);
    assertTrue(connections.areMost());
    connections.closed(peer);
    assertFalse(connections.areMost());
  }

  /** However little memory there is. */
  @Test
  void oneConnection_isAlwaysTaken() {
    OpenConnections connections = new OpenConnections(new MemoryBudget(1));
    assertFalse(connections.areMost());
    connections.opened(peer);
    assertTrue(connections.areMost());
  }
}
