package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opening, reading and writing of a channel, round by round in one thread. */
@Timeout(60)
class ChannelRoundsTest extends ChannelFixture {

  /* ------ Opening ------ */

  @Test
  void open_countsAndMakesTheHandler() throws IOException {
    assertEquals(1, connections());
    assertEquals(Addresses.ofSystem(peer.getRemoteAddress()), channel.local());
    assertEquals(Addresses.ofSystem(peer.getLocalAddress()), channel.remote());
    assertTrue(channel.sendsFiles());
    channel.threads().run(() -> done.add("apart"));
    assertDone();
    hand.round();
    assertDone("apart");
    assertSame(hand.connections.memory(), ((NioChannel) channel).memory());
    assertEquals(READ, hand.interest(socket));
  }

  private IOException failureToOpen(
      HandLoop.Sockets sockets, Function<Transport.Channel, Transport.Handler> kind) {
    IOException[] failure = new IOException[1];
    hand.run(
        () ->
            failure[0] =
                assertThrows(
                    IOException.class,
                    () -> new NioChannel(hand.loop, sockets.socket()).open(kind)));
    assertFalse(sockets.socket().isOpen());
    assertEquals(1, connections()); // That of each test.
    return failure[0];
  }

  @Test
  void open_withoutAHandlerClosesTheSocket() throws Exception {
    HandLoop.Sockets sockets = HandLoop.connectSockets();
    try (SocketChannel other = sockets.peer()) {
      Throwable why = failureToOpen(sockets, made -> null).getCause();
      assertEquals("handler", why.getMessage());
      assertEquals(-1, other.read(ByteBuffer.allocate(1)));
      assertSame(why, log.await("No handler was made for the connection to").getThrown());
    }
  }

  @Test
  void open_ofASocketThatCannotBeWatchedClosesIt() throws Exception {
    HandLoop.Sockets sockets = HandLoop.connectSockets();
    try (SocketChannel other = sockets.peer()) {
      sockets.socket().shutdownInput();
      sockets.socket().close();
      NioChannel[] closed = new NioChannel[1];
      assertThrows(
          IOException.class, () -> closed[0] = new NioChannel(hand.loop, sockets.socket()));
      assertNull(closed[0]);
      assertEquals(1, connections());
      assertEquals(-1, other.read(ByteBuffer.allocate(1)));
    }
    HandLoop.Sockets blocking = HandLoop.connectSockets();
    try (SocketChannel other = blocking.peer()) {
      blocking.socket().configureBlocking(true); // So the selector refuses it.
      hand.run(
          () ->
              assertThrows(
                  RuntimeException.class,
                  () -> new NioChannel(hand.loop, blocking.socket()).open(Telling::new)));
      assertEquals(1, connections());
      assertEquals(-1, other.read(ByteBuffer.allocate(1)));
    }
  }

  /* ------ Reading ------ */

  @Test
  void received_isCalledFourTimesBeforeOthersGetTheirTurn() throws IOException {
    send(6 * FULL_READ);
    hand.poll();
    assertTrue(done.size() > 1 && done.size() <= 4, done::toString);
    assertEquals("received " + FULL_READ, done.get(0));
    hand.rounds();
    assertEquals(6 * FULL_READ, text().length());
  }

  private String text() {
    try {
      return handler.awaitText(0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void received_isNotCalledForNothing() throws IOException {
    send(FULL_READ);
    hand.rounds();
    assertDone("received " + FULL_READ);
    send(1);
    hand.round();
    assertDone("received 1");
  }

  @Test
  void pause_insideReceivedStopsTheTurn() throws IOException {
    handler.onReceived = channel::pause;
    send(2 * FULL_READ);
    hand.rounds();
    assertDone("received " + FULL_READ);
    assertEquals(0, hand.interest(socket));
    handler.onReceived = () -> {};
    channel.resume();
    assertEquals(READ, hand.interest(socket));
    channel.resume();
    hand.rounds();
    assertDone("received " + FULL_READ);
  }

  @Test
  void close_insideReceivedStopsTheTurn() throws IOException {
    handler.onReceived = channel::close;
    send(2 * FULL_READ);
    hand.poll();
    assertDone("received " + FULL_READ);
    assertTrue(handler.isClosed());
    assertEquals(Optional.empty(), handler.failure);
  }

  @Test
  void received_thatThrowsClosesTheChannel() throws Exception {
    handler.onReceived =
        () -> {
          throw new StackOverflowError("on purpose");
        };
    send(1);
    hand.round();
    IOException why = handler.failure.orElseThrow();
    assertEquals("the handler threw", why.getMessage());
    assertEquals("on purpose", why.getCause().getMessage());
    assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
    log.await("The handler of the connection to " + channel.remote() + " threw");
  }

  @Test
  void endOfInput_isToldOnceAndTheSocketIsNotLookedAtAnyMore() throws IOException {
    send(3);
    peer.shutdownOutput();
    while (!done.contains("ended")) {
      hand.poll();
    }
    assertEquals(0, hand.interest(socket));
    assertDone("received 3", "ended");
    channel.pause();
    channel.resume(); // It is not known here that there is nothing to read.
    hand.rounds();
    assertDone();
    assertEquals(0, hand.interest(socket));
    assertFalse(handler.isClosed());
  }

  @Test
  void reset_isTheFailureOfTheChannel() throws IOException {
    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
    peer.close();
    hand.rounds();
    assertTrue(handler.isClosed());
    assertTrue(handler.failure.isPresent());
    assertDone();
  }

  /* ------ Writing ------ */

  @Test
  void write_leavesAtTheEndOfTheEvent() throws IOException {
    channel.execute(
        () -> {
          channel.write(ByteBuffer.allocate(3));
          channel.write(Chunk.of(new byte[4]));
        });
    hand.poll();
    assertEquals(7, channel.queued());
    hand.round();
    assertEquals(0, channel.queued());
    receive(7);
  }

  @Test
  void lentChunk_isGivenBackWhenItIsSent() throws IOException {
    channel.write(Chunk.lent(new byte[5], 0, 5, () -> done.add("given back")));
    assertDone();
    hand.round();
    assertDone("given back");
    receive(5);
  }

  @Test
  void file_isClosedWithTheChannel(@TempDir Path folder) throws IOException {
    Path path = Files.write(folder.resolve("f"), new byte[100]);
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    channel.write(file, 0, 60, false);
    hand.round();
    receive(60);
    assertTrue(file.isOpen());
    channel.write(file, 60, 40, true);
    channel.close();
    assertFalse(file.isOpen());
  }

  @Test
  void drained_isToldWhenAllIsSent() throws IOException {
    channel.write(ByteBuffer.allocate(MUCH));
    hand.round();
    assertEquals(READ | WRITE, hand.interest(socket));
    assertTrue(channel.queued() > 0);
    assertDone();
    receive(MUCH);
    hand.round();
    assertDone("drained");
    assertEquals(READ, hand.interest(socket));
    assertEquals(0, channel.queued());
  }

  @Test
  void drained_isNotToldAfterTheEnd() throws IOException {
    channel.write(ByteBuffer.allocate(WriteQueue.HIGH_WATER + 1));
    hand.round(); // It is sent.
    channel.close();
    hand.round();
    assertDone();
    assertTrue(handler.isClosed());
  }

  /** The failure of a write is noticed before the input is. */
  private void failToWrite() throws IOException {
    hand.loop.execute(
        () -> {
          try {
            send(5);
            resetByPeer();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          channel.write(ByteBuffer.allocate(10));
          hand.runReady();
        });
    hand.poll();
    assertTrue(handler.isClosed());
    assertTrue(handler.failure.isPresent());
    assertFalse(socket.isOpen());
  }

  @Test
  void peerThatIsGone_isReadOnceMoreBecauseItMayHaveSaidWhy() throws IOException {
    failToWrite();
    assertEquals("received 5", done.get(0));
  }

  @Test
  void peerThatIsGone_isNotReadByAChannelThatIsPaused() throws IOException {
    channel.pause();
    hand.round();
    failToWrite();
    assertDone();
  }

  /* ------ Silence ------ */

  private long silentSince() {
    return ((NioChannel) channel).silentSince();
  }

  @Test
  void silentSince_isTheRoundOfTheLastBytesIfItMayBeClosed() throws IOException {
    long opened = hand.loop.rounds();
    assertEquals(Long.MAX_VALUE, silentSince());
    handler.expendable = true;
    assertEquals(opened, silentSince());
    hand.rounds();
    assertEquals(opened, silentSince());
    send(1);
    hand.round();
    assertEquals(hand.loop.rounds(), silentSince());
    channel.write(ByteBuffer.allocate(1));
    assertEquals(1, channel.queued());
    assertEquals(Long.MAX_VALUE, silentSince());
    hand.round();
    assertTrue(silentSince() < Long.MAX_VALUE);
    channel.close();
    assertEquals(Long.MAX_VALUE, silentSince());
  }
}
