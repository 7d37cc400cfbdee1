package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of links. */
class LinksTest {

  private static final ProcessName THERE = new ProcessName("x", Address.loopback(1));

  private final Links links = new Links();
  private final TestProcess first = new TestProcess("first");
  private final TestProcess second = new TestProcess("second");

  @Test
  void endToldLate_isNotThatOfALaterLink() {
    long number = links.add(first, THERE).number();
    links.add(second, THERE);
    assertEquals(List.of(first), links.take(THERE, number));
    assertEquals(List.of(), links.take(THERE, number));
    assertEquals(List.of(second), links.take(THERE, Long.MAX_VALUE));
    assertTrue(links.at(THERE.address()).isEmpty());
  }

  @Test
  void linkMadeTwice_isOne() {
    assertEquals(links.add(first, THERE), links.add(first, THERE));
    assertEquals(List.of(first), links.take(THERE, Long.MAX_VALUE));
  }

  @Test
  void linksToOneAddress_areTakenTogether() {
    ProcessName other = new ProcessName("y", THERE.address());
    ProcessName elsewhere = new ProcessName("x", Address.loopback(2));
    links.add(first, THERE);
    links.add(second, other);
    links.add(second, elsewhere);
    assertEquals(
        Map.of(THERE, List.of(first), other, List.of(second)), links.takeAll(THERE.address()));
    assertEquals(List.of(second), links.take(elsewhere, Long.MAX_VALUE));
  }

  @Test
  void endedLinker_isForgottenAndItsWatchersTaken() {
    links.add(first, THERE);
    assertTrue(links.addLocal(second, first));
    assertEquals(List.of(second), links.take(first).linkers());
    assertEquals(List.of(), links.take(THERE, Long.MAX_VALUE));
    assertEquals(List.of(), links.take(first).linkers());
  }

  @Test
  void endedProcess_isNotLinkedTo() {
    first.live = false;
    assertFalse(links.addLocal(second, first));
    assertFalse(links.addNode(THERE.address(), first, 1));
    assertEquals(Watchers.NONE, links.take(first));
  }
}
