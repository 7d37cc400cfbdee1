package io.libprocess.remote.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import io.libprocess.remote.TestProcess;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The table of links. */
class LinksTest {

  private static final ProcessName THERE = new ProcessName("x", Address.loopback(1));

  private final AtomicLong secrets = new AtomicLong(1000);
  private final Links links = new Links(secrets::incrementAndGet);
  private final TestProcess first = new TestProcess("first");
  private final TestProcess second = new TestProcess("second");

  private LinkTag add(TestProcess linker, ProcessName to) {
    return links.add(linker, to, 0).tag();
  }

  @Test
  void endToldLate_isNotThatOfALaterLink() {
    LinkTag early = add(first, THERE);
    LinkTag late = add(second, THERE);
    assertEquals(List.of(first), links.take(THERE, early));
    assertEquals(List.of(), links.take(THERE, early));
    assertEquals(List.of(second), links.take(THERE, late));
    assertTrue(links.at(THERE.address()).isEmpty());
  }

  @Test
  void endToldWithoutTheSecret_isNone() {
    LinkTag tag = add(first, THERE);
    LinkTag elsewhere = add(first, new ProcessName("y", THERE.address()));
    assertNotEquals(tag.secret(), elsewhere.secret());
    for (long guess : new long[] {0, 1, tag.secret() + 1, elsewhere.secret(), Long.MAX_VALUE}) {
      assertEquals(List.of(), links.take(THERE, new LinkTag(Long.MAX_VALUE, guess)));
    }
    assertEquals(List.of(first), links.take(THERE, tag));
    assertNotEquals(tag.secret(), add(first, THERE).secret());
  }

  @Test
  void linkMadeTwice_isOne() {
    assertEquals(links.add(first, THERE, 5), links.add(first, THERE, 9));
    assertEquals(List.of(first), links.take(THERE, add(second, THERE)).subList(0, 1));
  }

  @Test
  void lastLinkOfEachName_isTheOneToAnnounce() {
    ProcessName other = new ProcessName("y", THERE.address());
    links.add(first, THERE, 1);
    Links.Link late = links.add(second, THERE, 2);
    Links.Link single = links.add(first, other, 3);
    assertEquals(List.of(late, single), links.at(THERE.address()));
  }

  @Test
  void linksToOneAddress_areTakenTogether() {
    ProcessName other = new ProcessName("y", THERE.address());
    ProcessName elsewhere = new ProcessName("x", Address.loopback(2));
    add(first, THERE);
    add(second, other);
    LinkTag tag = add(second, elsewhere);
    assertEquals(
        Map.of(THERE, List.of(first), other, List.of(second)), links.takeAll(THERE.address()));
    assertEquals(Map.of(), links.takeAll(THERE.address()));
    assertEquals(List.of(), links.at(THERE.address()));
    assertEquals(List.of(second), links.take(elsewhere, tag));
  }

  @Test
  void removedLink_leavesTheOthersToBeForgottenWithTheirLinker() {
    ProcessName other = new ProcessName("y", THERE.address());
    add(first, THERE);
    add(first, other);
    links.remove(first, THERE);
    links.remove(first, THERE);
    links.remove(second, other);
    assertEquals(1, links.at(THERE.address()).size());
    links.take(first);
    assertEquals(List.of(), links.at(THERE.address()));
  }

  @Test
  void endedLinker_isForgottenAndItsLinkersTaken() {
    LinkTag tag = add(first, THERE);
    assertTrue(links.addLocal(second, first));
    assertEquals(List.of(second), links.take(first));
    assertEquals(List.of(), links.take(THERE, tag));
    assertEquals(List.of(), links.take(first));
  }

  @Test
  void endedProcess_isNotLinkedTo() {
    first.live = false;
    assertFalse(links.addLocal(second, first));
    assertEquals(List.of(), links.take(first));
  }
}
