package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A channel during its handshake and afterwards, and what it makes of input in any state. */
class TlsChannelStatesTest extends PlainWorld {

  private void assertRefused(String why) {
    assertNull(handler);
    assertEquals(1, refused.size());
    assertContains(
        "Failed to connect to 127.0.0.1:2: TLS handshake failed: " + why, refused.get(0));
    assertEquals(0, raw.memory.used());
    assertEquals(0, clock.timers());
  }

  private void assertFailed(String why) {
    assertEquals(1, handler.events.size(), handler.events::toString);
    assertContains("closed: TLS with 127.0.0.1:2: " + why, handler.events.get(0));
    assertEquals(0, raw.memory.used());
  }

  /* ------ The handshake ------ */

  @Test
  void finishedHandshake_opensTheChannel() {
    boolean[] verified = {false};
    verify = () -> verified[0] = true;
    start();
    assertEquals(1, configured);
    assertTrue(verified[0]);
    assertEquals("plain", channel.tls().orElseThrow().cipherSuite());
    assertEquals(0, clock.timers());
    assertEquals(HeldMemory.ENGINE, raw.memory.used());
    assertSent("");
    channel.timeOut();
    assertEquals(List.of(), handler.events);
  }

  @Test
  void channelThatIsVerifiedInVain_isNotOpened() {
    verify =
        () -> {
          throw new IllegalStateException("not this one");
        };
    start();
    assertRefused("not this one");
    assertSent("!", "closeAfterWrites");
  }

  @Test
  void outputAfterTheHandshake_isSentAtOnce() {
    whenOpen = () -> engine.own.add("[ticket]");
    start();
    assertSent("[ticket]");
  }

  @Test
  void outputThatFailsDuringTheHandshake_endsIt() {
    raw.held = new ArrayDeque<>();
    engine.own.add("[hello]");
    engine.failures = 1;
    start();
    assertEquals(List.of(), refused);
    raw.held.remove().run();
    assertRefused("a test");
  }

  @Test
  void handshake_isNotBegunWhereNoMemoryIsLeft() {
    raw.memory.take(100_000);
    start();
    raw.memory.give(100_000);
    assertRefused("there is no memory left for it");
    assertEquals(0, configured);
  }

  @Test
  void task_runsElsewhereAndNothingIsReadMeanwhile() {
    int[] ran = {0};
    engine.tasks.add(() -> ran[0]++);
    engine.tasks.add(() -> ran[0]++);
    start();
    assertEquals(List.of("pause"), raw.calls);
    assertEquals(1, raw.blocking.size());
    assertTrue(channel.isExpendable());
    receive("early");
    assertEquals(1, raw.blocking.size());
    assertNull(handler);
    raw.blocking.remove().run();
    assertEquals(2, ran[0]);
    assertEquals("early", handler.text());
    assertEquals(List.of("pause", "resume"), raw.calls);
    assertFalse(channel.isExpendable());
  }

  @Test
  void taskThatFails_endsTheHandshake() {
    engine.tasks.add(
        () -> {
          throw new IllegalStateException("no such key");
        });
    start();
    raw.blocking.remove().run();
    assertRefused("java.lang.IllegalStateException: no such key");
  }

  @Test
  void endOfThePeer_isFoundAfterTheTask() {
    engine.tasks.add(() -> {});
    start();
    receive("early");
    channel.ended();
    assertEquals(List.of(), refused);
    raw.blocking.remove().run();
    assertEquals("early", handler.text());
    assertFailed("the peer closes the connection without close_notify");
  }

  @Test
  void handshakeThatTakesTooLong_isGivenUp() {
    engine.tasks.add(() -> {});
    start();
    clock.advance(Duration.ofSeconds(1));
    clock.settle();
    assertRefused("it was not finished within ");
    raw.blocking.remove().run();
    assertNull(handler);
    receive("late");
    channel.closed(Optional.empty());
    assertEquals(1, refused.size());
  }

  @Test
  void connectionThatClosesDuringATask_isRefused() {
    engine.tasks.add(() -> {});
    start();
    channel.closed(Optional.empty());
    assertRefused("the connection was closed during it");
    raw.blocking.remove().run();
    assertNull(handler);
    assertSent("", "pause", "resume");
  }

  /* ------ Input ------ */

  @Test
  void input_waitsWhileItIsPaused() {
    start();
    channel.pause();
    receive("hello");
    assertEquals("", handler.text());
    channel.resume();
    assertEquals("hello", handler.text());
    receive(" again");
    assertEquals("hello again", handler.text());
    assertEquals(List.of("pause", "resume"), raw.calls);
  }

  @Test
  void endOfThePeer_comesAfterTheInputThatWaits() {
    start();
    channel.pause();
    receive("hello");
    channel.ended();
    assertEquals(List.of(), handler.events);
    channel.resume();
    assertEquals("hello", handler.text());
    assertFailed("the peer closes the connection without close_notify");
  }

  @Test
  void endByThePeer_isTheEndOfTheInput() {
    start();
    receive("hello!unheard");
    receive("unheard");
    channel.ended();
    assertEquals("hello", handler.text());
    assertEquals(List.of("ended"), handler.events);
  }

  @Test
  void endByThePeer_mayComeAlone() {
    start();
    receive("!");
    assertEquals("", handler.text());
    assertEquals(List.of("ended"), handler.events);
  }

  @Test
  void inputThatIsLargerThanABuffer_comesInPieces() {
    start();
    String all = "0123456789".repeat(50_000);
    receive(all);
    assertEquals(all, handler.text());
  }

  @Test
  void inputThatArrivesAfterClosing_isDropped() {
    start();
    channel.close();
    receive("unheard!");
    assertEquals("", handler.text());
    assertEquals(List.of(), handler.events);
  }

  @Test
  void inputThatArrivesAfterCloseAfterWrites_isDropped() {
    start();
    channel.closeAfterWrites();
    receive("unheard!");
    assertEquals("", handler.text());
    assertEquals(List.of(), handler.events);
  }

  @Test
  void inputBeforeAFailure_isDelivered() {
    start();
    receive("genuine?");
    assertEquals("genuine", handler.text());
    assertFailed("malformed");
    receive("unheard");
    channel.closed(Optional.empty());
    assertEquals("genuine", handler.text());
    assertEquals(1, handler.events.size());
  }

  @Test
  void failureWithinTheHandler_endsTheInput() {
    start();
    engine.failures = 1;
    handler.whenReceived =
        () -> {
          write("answer");
          flush();
        };
    receive("x".repeat(200_000));
    assertFailed("a test");
    assertTrue(handler.bytes.size() < 100_000, () -> handler.bytes.size() + " bytes");
  }

  @Test
  void renegotiation_isRefused() {
    start();
    engine.tasks.add(() -> {});
    receive("hello");
    assertFailed("the peer wants to negotiate again, which is refused");
  }

  /* ------ Memory ------ */

  @Test
  void partOfARecord_isCounted() {
    start();
    receive("(" + "x".repeat(PlainEngine.RECORD - 2));
    assertTrue(raw.memory.used() > HeldMemory.ENGINE);
    receive(")");
    assertEquals(PlainEngine.RECORD, handler.text().length());
    assertEquals(HeldMemory.ENGINE, raw.memory.used());
    channel.closed(Optional.empty());
    assertEquals(0, raw.memory.used());
  }

  @Test
  void partOfARecord_failsWhereNoMemoryIsLeft() {
    start();
    raw.memory.take(100_000);
    receive("(" + "x".repeat(PlainEngine.RECORD - 2));
    raw.memory.give(100_000);
    assertFailed("there is no memory left for it");
    assertSent("!", "closeAfterWrites");
  }
}
