package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.nio.WriteQueue;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What becomes of written bytes, whatever other threads do while they are encrypted: here they do
 * it in the midst of the engine's calls.
 */
class TlsOutputTest extends PlainWorld {

  TlsOutputTest() {
    start();
  }

  @Test
  void writes_leaveTogetherAtTheEndOfTheEvent() {
    write("a");
    write("b");
    assertEquals(2, channel.queued());
    assertSent("");
    assertEquals(1, raw.atEnd.size());
    flush();
    assertSent("ab");
    assertEquals(1, raw.writes);
    assertEquals(0, channel.queued());
    write("");
    assertEquals(0, raw.atEnd.size());
    write("c");
    flush();
    assertSent("abc");
    assertEquals(List.of(), handler.events);
  }

  @Test
  void writes_meanwhileFollow() {
    engine.meanwhile.add(() -> write("b"));
    engine.meanwhile.add(() -> write("c"));
    write("a");
    flush();
    assertSent("abc");
    assertEquals(0, channel.queued());
  }

  @Test
  void end_meanwhileFollowsWhatWasWritten() {
    engine.meanwhile.add(
        () -> {
          write("b");
          channel.end();
          write("too late");
        });
    write("a");
    flush();
    assertSent("ab!", "end");
    channel.end();
    channel.closeAfterWrites();
    flush();
    assertSent("ab!", "end", "closeAfterWrites");
    channel.end();
    flush();
    assertSent("ab!", "end", "closeAfterWrites");
  }

  @Test
  void largeOutput_isEncryptedOnlyAsThePeerTakesIt() {
    int size = 1_000_000;
    raw.slow = true;
    write(size);
    flush();
    int first = raw.sent.length();
    assertTrue(first > WriteQueue.HIGH_WATER && first < 200_000, () -> "" + first);
    assertEquals(size, channel.queued());
    flush();
    write("and this");
    flush();
    assertEquals(first, raw.sent.length());
    int rounds = 0;
    while (raw.queued > WriteQueue.HIGH_WATER) {
      raw.queued = 0;
      channel.drained();
      rounds++;
    }
    assertTrue(rounds > 5, rounds + " rounds");
    assertTrue(raw.sent.toString().endsWith("and this"));
    assertEquals(size + 8, raw.sent.length());
    assertEquals(raw.queued, channel.queued());
    assertEquals(List.of("drained"), handler.events);
    write("more");
    flush();
    assertEquals(List.of("drained"), handler.events);
  }

  @Test
  void drained_isToldIfMuchWasQueuedAlthoughThePeerTookItAtOnce() {
    write(WriteQueue.HIGH_WATER);
    flush();
    assertEquals(List.of(), handler.events);
    write(WriteQueue.HIGH_WATER);
    write(1);
    write(1);
    flush();
    assertEquals(List.of("drained"), handler.events);
  }

  @Test
  void drained_isToldIfMuchWasQueuedBelow() {
    raw.queued = WriteQueue.HIGH_WATER; // That is not too much yet.
    write("a");
    flush();
    assertSent("a");
    assertEquals(List.of("drained"), handler.events);
  }

  @Test
  void drained_ofTheChannelBelowIsPassedOn() {
    channel.drained();
    assertEquals(List.of("drained"), handler.events);
    assertEquals(0, engine.wraps);
  }

  @Test
  void drained_isNotToldAfterClosing() {
    write(WriteQueue.HIGH_WATER + 1);
    channel.closeAfterWrites();
    flush();
    assertEquals(List.of("closeAfterWrites"), raw.calls);
    assertEquals(List.of(), handler.events);
  }

  /* ------ The engine's own output ------ */

  @Test
  void engine_hasOutputOfItsOwn() {
    engine.own.add("[answer]");
    receive("hello");
    assertEquals("hello", handler.text());
    assertSent("[answer]");
  }

  @Test
  void engine_mayHaveMoreThanOneBufferOfItsOwn() {
    for (int i = 0; i < 300; i++) {
      engine.own.add("x".repeat(PlainEngine.RECORD));
    }
    receive("hello");
    assertEquals(300 * PlainEngine.RECORD, raw.sent.length());
    assertTrue(engine.own.isEmpty());
  }

  @Test
  void engine_mayNeedToSaySomethingLater() {
    engine.own.add("[answer]");
    engine.stuck = true;
    receive("hello");
    assertEquals(List.of(), handler.events);
    assertEquals("hello", handler.text());
    assertSent("");
    engine.stuck = false;
    write("a");
    flush();
    assertSent("[answer]a");
  }

  @Test
  void outputOfTheEngine_comesMeanwhile() {
    engine.meanwhile.add(
        () -> {
          engine.own.add("[answer]");
          receive("hello");
        });
    write("a");
    flush();
    assertSent("[answer]a");
  }

  @Test
  void engine_mayEndTheOutputByItself() {
    engine.meanwhile.add(
        () -> {
          engine.closeOutbound();
          write("unheard");
        });
    engine.own.add("[answer]");
    receive("hello");
    assertSent("[answer]!", "end");
    assertEquals(0, channel.queued());
    write("unheard");
    flush();
    channel.closeAfterWrites();
    flush();
    assertSent("[answer]!", "end", "closeAfterWrites");
  }

  /* ------ Closing ------ */

  @Test
  void closedChannel_takesNothing() {
    write("unsent");
    channel.close();
    assertEquals(0, channel.queued());
    write("unsent");
    assertEquals(0, channel.queued());
    channel.end();
    channel.closeAfterWrites();
    flush();
    channel.drained();
    assertSent("", "close");
    assertEquals(0, engine.wraps);
    assertEquals(List.of(), handler.events);
  }

  @Test
  void close_meanwhileDropsTheRest() {
    engine.meanwhile.add(
        () -> {
          write("unsent");
          channel.close();
          write("unsent");
          assertEquals(0, channel.queued());
          channel.end();
          channel.close();
        });
    write("a");
    flush();
    assertSent("a", "close", "close");
    assertEquals(1, engine.wraps);
    assertEquals(0, channel.queued());
    write("unsent");
    flush();
    channel.drained();
    assertEquals(1, engine.wraps);
    assertEquals(0, channel.queued());
  }

  @Test
  void close_meanwhileDropsWhatIsMoreThanABuffer() {
    engine.meanwhile.add(channel::close);
    write(500_000);
    flush();
    assertTrue(raw.sent.length() < 200_000, () -> "" + raw.sent.length());
    assertEquals(List.of("close"), raw.calls);
    assertEquals(0, channel.queued());
  }

  /* ------ Failures ------ */

  private void assertFailed(String why) {
    assertEquals(1, handler.events.size(), handler.events::toString);
    assertContains("closed: TLS with 127.0.0.1:2: " + why, handler.events.get(0));
    assertEquals(0, channel.queued());
  }

  @Test
  void failureOfTheEngine_dropsEverythingAndTellsThePeer() {
    engine.failures = 1;
    engine.meanwhile.add(() -> write("b"));
    write("a");
    flush();
    assertFailed("a test");
    assertSent("!", "closeAfterWrites");
    write("unsent");
    flush();
    channel.drained();
    assertSent("!", "closeAfterWrites");
  }

  @Test
  void failureOfTheEngine_thatCannotBeToldEither() {
    engine.failures = 2;
    write("a");
    flush();
    assertFailed("a test");
    assertSent("", "close");
    write("unsent");
    assertEquals(0, channel.queued());
  }

  @Test
  void failedOutput_takesNothingUntilTheFailureIsTold() {
    raw.held = new ArrayDeque<>();
    engine.failures = 1;
    write("a");
    flush();
    assertEquals(0, channel.queued());
    write("unsent");
    flush();
    assertEquals(0, channel.queued());
    assertEquals(List.of(), handler.events);
    raw.held.remove().run();
    assertFailed("a test");
    assertSent("!", "closeAfterWrites");
  }

  @Test
  void error_isAFailureAsWell() {
    engine.meanwhile.add(
        () -> {
          throw new StackOverflowError("of a test");
        });
    write("a");
    flush();
    assertFailed("");
    assertSent("!", "closeAfterWrites");
  }

  @Test
  void engineThatTakesNothing_hasFailed() {
    engine.stuck = true;
    write("a");
    flush();
    assertEquals(1, handler.events.size());
    assertContains("cannot encrypt", handler.events.get(0));
  }

  @Test
  void failureOfTheEngine_afterClosingIsNotTold() {
    engine.failures = 1;
    engine.meanwhile.add(channel::close);
    write("a");
    flush();
    assertSent("", "close");
    assertEquals(List.of(), handler.events);
    channel.closed(Optional.empty());
    assertEquals(List.of("closed"), handler.events);
  }

  @Test
  void failureOfTheInput_meanwhileEndsTheOutput() {
    engine.meanwhile.add(
        () -> {
          write("unsent");
          receive("?");
          write("unsent");
        });
    write("a");
    flush();
    assertFailed("malformed");
    assertSent("a!", "closeAfterWrites");
  }

  @Test
  void failureOfTheInput_dropsWhatWaits() {
    write("unsent");
    receive("?");
    assertFailed("malformed");
    assertSent("!", "closeAfterWrites");
    flush();
    assertSent("!", "closeAfterWrites");
  }

  @Test
  void failureOfTheInput_whileThePeerTakesNothingClosesAtOnce() {
    raw.slow = true;
    write(500_000);
    flush();
    int sent = raw.sent.length();
    receive("?");
    assertEquals(List.of("close"), raw.calls);
    assertEquals(raw.queued, channel.queued());
    raw.queued = 0;
    channel.drained();
    assertEquals(sent, raw.sent.length());
  }

  @Test
  void failureOfTheInput_afterClosingIsNotTold() {
    channel.close();
    receive("?");
    assertSent("", "close");
  }
}
