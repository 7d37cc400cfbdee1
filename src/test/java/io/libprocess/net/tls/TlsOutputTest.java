package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Tls;
import io.libprocess.net.TlsAccess;
import io.libprocess.net.Transport;
import io.libprocess.net.nio.WriteQueue;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of written bytes, whatever other threads do while they are encrypted: here they do
 * it in the midst of the engine's calls.
 */
class TlsOutputTest {

  /** The channel below. */
  private static final class Raw implements Transport.Channel, Transport.Threads {
    final StringBuilder sent = new StringBuilder();
    final List<String> calls = new ArrayList<>();
    final Queue<Runnable> atEnd = new ArrayDeque<>();
    long queued;
    boolean slow; // What is written stays queued.
    int writes;

    @Override
    public void write(ByteBuffer bytes) {
      queued += slow ? bytes.remaining() : 0;
      writes++;
      sent.append(StandardCharsets.US_ASCII.decode(bytes));
    }

    @Override
    public long queued() {
      return queued;
    }

    @Override
    public void end() {
      calls.add("end");
    }

    @Override
    public void closeAfterWrites() {
      calls.add("closeAfterWrites");
    }

    @Override
    public void close() {
      calls.add("close");
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public NetworkAddress local() {
      return Address.loopback(1);
    }

    @Override
    public NetworkAddress remote() {
      return Address.loopback(2);
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public Transport.Threads threads() {
      return this;
    }

    @Override
    public void run(Runnable callback) {
      callback.run();
    }

    @Override
    public void atEnd(Runnable flush) {
      atEnd.add(flush);
    }

    @Override
    public Executor blocking() {
      return Runnable::run;
    }
  }

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final PlainEngine engine = new PlainEngine();
  private final Raw raw = new Raw();
  private final TlsChannel channel =
      new TlsChannel(
          raw,
          engine,
          TlsAccess.context(Tls.builder().build()),
          Optional.empty(),
          new TlsChannel.Outcome() {
            @Override
            public Transport.Handler opened(Transport.Channel open) {
              handler = new SecuredWorld.SecuredEnd(open);
              return handler;
            }

            @Override
            public void failed(IOException why) {
              throw new AssertionError(why);
            }
          });
  private SecuredWorld.SecuredEnd handler;

  TlsOutputTest() {
    channel.start(clock.timer(Duration.ofSeconds(1), () -> {}));
  }

  @AfterEach
  void close() {
    clock.close();
  }

  private void write(String text) {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private void write(int size) {
    write("x".repeat(size));
  }

  /** Ends the event in which something was written. */
  private void flush() {
    for (Runnable next = raw.atEnd.poll(); next != null; next = raw.atEnd.poll()) {
      next.run();
    }
  }

  private void receive(String text) {
    channel.received(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private void assertSent(String text, String... calls) {
    assertEquals(text, raw.sent.toString());
    assertEquals(List.of(calls), raw.calls);
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
  void engine_hasNothingToSayAfterAll() {
    engine.own.add("");
    engine.meanwhile.add(engine.own::clear);
    engine.stuck = true;
    receive("hello");
    assertEquals(List.of(), handler.events);
    assertEquals("hello", handler.text());
    engine.stuck = false;
    write("a");
    flush();
    assertSent("a");
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
