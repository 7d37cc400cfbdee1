package io.libprocess.remote.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import io.libprocess.remote.TestProcess;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of the other nodes that have linked to processes of this one. */
class LinkedNodesTest {

  private static final Address NODE = Address.loopback(5050);
  private static final Address CLIENT = Address.loopback(40_001);
  private static final Address LATER_CLIENT = Address.loopback(40_002);

  private final LinkedNodes nodes = new LinkedNodes();
  private final TestProcess process = new TestProcess("x");

  private static LinkedNodes.Announced announced(long number, long secret) {
    return new LinkedNodes.Announced(NODE, new LinkTag(number, secret));
  }

  private void add(Address client, long number) {
    nodes.add(client, NODE, process, new LinkTag(number, 7));
  }

  @Test
  void lastLinkOfANode_isTaken() {
    add(CLIENT, 3);
    add(CLIENT, 9);
    add(CLIENT, 4);
    assertEquals(List.of(announced(9, 7)), nodes.take(process));
    assertEquals(List.of(), nodes.take(process));
    assertEquals(0, nodes.size());
  }

  @Test
  void closedConnection_isForgotten() {
    add(CLIENT, 3);
    nodes.forget(CLIENT);
    nodes.forget(CLIENT);
    assertEquals(0, nodes.size());
    assertEquals(List.of(), nodes.take(process));
  }

  @Test
  void replacedConnection_doesNotTakeTheLinkOfTheNewOneAway() {
    add(LATER_CLIENT, 3);
    add(CLIENT, 3); // Sent before, and read late.
    nodes.forget(CLIENT);
    assertEquals(List.of(announced(3, 7)), nodes.take(process));
  }

  @Test
  void twoConnectionsOfOneNode_areToldOnce() {
    add(CLIENT, 8);
    add(LATER_CLIENT, 3);
    assertEquals(List.of(announced(8, 7)), nodes.take(process));
    nodes.forget(CLIENT);
    nodes.forget(LATER_CLIENT);
  }

  @Test
  void connection_isOfOneNode() {
    add(CLIENT, 1);
    assertTrue(nodes.admits(CLIENT, NODE));
    assertFalse(nodes.admits(CLIENT, Address.loopback(5051)));
    assertTrue(nodes.admits(LATER_CLIENT, Address.loopback(5051)));
  }

  @Test
  void removedLink_isForgotten() {
    add(CLIENT, 1);
    nodes.remove(CLIENT, process);
    nodes.remove(CLIENT, process);
    assertEquals(0, nodes.size());
    assertEquals(List.of(), nodes.take(process));
    nodes.forget(CLIENT);
  }

  /** Its numbers begin anew, and its connections from before may be open for a long time. */
  @Test
  void nodeThatWasStartedAnew_isToldOfItsOwnLink() {
    add(CLIENT, 8);
    nodes.add(LATER_CLIENT, NODE, process, new LinkTag(1, 99));
    assertEquals(List.of(announced(8, 7), announced(1, 99)), nodes.take(process));
  }

  @Test
  void nodeThatWasStartedAnew_mayUseTheAddressOfItsOldConnection() {
    add(CLIENT, 8);
    nodes.add(CLIENT, NODE, process, new LinkTag(1, 99));
    assertEquals(List.of(announced(1, 99)), nodes.take(process));
  }

  @Test
  void removedLink_leavesThoseOfOtherConnectionsAndProcesses() {
    TestProcess other = new TestProcess("y");
    add(CLIENT, 1);
    add(LATER_CLIENT, 2);
    nodes.add(CLIENT, NODE, other, new LinkTag(3, 7));
    assertEquals(Map.of(NODE, 3), nodes.byNode());

    nodes.remove(CLIENT, process);
    assertEquals(Map.of(NODE, 2), nodes.byNode());
    nodes.remove(CLIENT, process);
    assertEquals(2, nodes.size());
    assertEquals(Map.of(NODE, 2), nodes.byNode());
    assertEquals(List.of(announced(2, 7)), nodes.take(process));
    assertEquals(List.of(announced(3, 7)), nodes.take(other));
    assertEquals(0, nodes.size());
    assertEquals(Map.of(NODE, 0), nodes.byNode());
  }

  @Test
  void lastLink_isTakenWhicheverConnectionCameFirst() {
    add(CLIENT, 3);
    add(LATER_CLIENT, 8);
    assertEquals(List.of(announced(8, 7)), nodes.take(process));
  }
}
