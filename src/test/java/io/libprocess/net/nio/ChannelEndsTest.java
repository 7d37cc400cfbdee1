package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Recorder;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ends of a channel, round by round in one thread. */
@Timeout(60)
class ChannelEndsTest extends ChannelFixture {

  @Test
  void end_isToldAndTheChannelClosesWhenBothHaveEnded() throws IOException {
    channel.write(ByteBuffer.allocate(2));
    channel.end();
    hand.rounds();
    assertDone("outputEnded");
    assertEquals(2, receiveAll());
    assertFalse(handler.isClosed());
    peer.configureBlocking(true);
    send(1);
    hand.rounds();
    assertDone("received 1");
    peer.shutdownOutput();
    hand.rounds();
    assertDone("ended");
    assertTrue(handler.isClosed());
    assertEquals(Optional.empty(), handler.failure);
  }

  @Test
  void end_afterThatOfThePeerClosesTheChannel() throws IOException {
    peer.shutdownOutput();
    hand.rounds();
    channel.end();
    hand.rounds();
    assertDone("ended", "outputEnded");
    assertTrue(handler.isClosed());
    assertEquals(Optional.empty(), handler.failure);
  }

  @Test
  void end_isNotToldAfterClosing() throws IOException {
    channel.end();
    hand.round(); // It is sent.
    channel.close();
    hand.round();
    assertDone();
    assertTrue(handler.isClosed());
  }

  @Test
  void closeAfterWrites_dropsTheInputUntilThePeerEnds() throws IOException {
    channel.write(ByteBuffer.allocate(2));
    channel.closeAfterWrites();
    send(10);
    hand.rounds();
    assertDone();
    assertFalse(handler.isClosed());
    assertEquals(2, receiveAll());
    peer.shutdownOutput();
    hand.rounds();
    assertTrue(handler.isClosed());
    assertDone();
    look(); // Nothing is without interest any more.
    assertEquals(0, hand.timers());
  }

  @Test
  void closeAfterWrites_closesAtOnceIfThePeerHasEnded() throws IOException {
    peer.shutdownOutput();
    hand.rounds();
    assertDone("ended");
    channel.closeAfterWrites();
    hand.rounds();
    assertTrue(handler.isClosed());
    assertDone();
  }

  @Test
  void closeAfterWrites_waitsForThePeerForAWhile() throws IOException {
    channel.closeAfterWrites();
    hand.rounds();
    assertEquals(1, hand.timers());
    hand.pass(Duration.ofSeconds(2));
    assertTrue(handler.isClosed());
    assertEquals(0, hand.timers());
  }

  @Test
  void close_whileItLingersStopsTheTime() throws IOException {
    channel.closeAfterWrites();
    hand.rounds();
    channel.close();
    hand.round();
    assertTrue(handler.isClosed());
    assertEquals(0, hand.timers());
  }

  @Test
  void close_isToldOnceAndByTheLoop() throws IOException {
    channel.close();
    channel.close();
    assertFalse(handler.isClosed());
    assertTrue(socket.isOpen());
    channel.execute(() -> done.add("task"));
    channel.write(ByteBuffer.allocate(1));
    assertEquals(0, channel.queued());
    hand.round();
    assertTrue(handler.isClosed());
    assertFalse(socket.isOpen());
    assertEquals(0, connections());
    channel.close();
    hand.round();
    assertDone();
    assertEquals(0, connections());
    assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
  }

  @Test
  void closed_thatThrowsIsLogged() throws Exception {
    HandLoop.Connected other =
        hand.connect(
            made ->
                new Recorder(made) {
                  @Override
                  public void onClosed() {
                    throw new StackOverflowError("on purpose");
                  }
                });
    try (SocketChannel itsPeer = other.peer()) {
      other.channel().close();
      hand.round();
      assertEquals(-1, itsPeer.read(ByteBuffer.allocate(1)));
      assertEquals(1, connections());
      log.await("The handler of the connection to " + other.channel().remote() + " threw");
    }
  }

  @Test
  void reset_reachesThePeer() throws IOException {
    channel.reset();
    hand.rounds();
    assertThrows(IOException.class, () -> peer.read(ByteBuffer.allocate(1)));
  }

  @Test
  void task_runsOnTheLoopAndMayCloseTheChannel() throws Exception {
    channel.execute(() -> done.add("task"));
    assertDone();
    hand.round();
    assertDone("task");
    channel.execute(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    hand.round();
    assertEquals("on purpose", handler.failure.orElseThrow().getCause().getMessage());
    log.await("The handler of the connection to " + channel.remote() + " threw");
  }

  @Test
  void abort_isTheEndAtOnce() throws IOException {
    hand.loop.execute(
        () -> {
          ((NioChannel) channel).abort();
          done.add(handler.isClosed() && !socket.isOpen() ? "closed" : "open");
        });
    hand.poll();
    assertDone("closed");
    assertEquals(0, connections());
    channel.write(ByteBuffer.allocate(1));
    assertEquals(0, channel.queued());
    hand.rounds();
    assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
  }

  /** The descriptor would be given to the next connection, and the write go on into that. */
  @Test
  void close_insideAWriteKeepsTheDescriptorUntilTheWriterHasLeft() throws IOException {
    Runnable whileWriting =
        () -> {
          channel.close();
          hand.poll();
          assertTrue(handler.isClosed());
          assertTrue(socket.isOpen());
          assertEquals(-1, hand.interest(socket));
          done.add("written");
        };
    channel.write(Chunk.lent(new byte[5], 0, 5, whileWriting));
    hand.round();
    assertDone("written");
    hand.round();
    assertFalse(socket.isOpen());
    assertEquals(0, connections());
  }

  @Test
  void endOfTheLoop_insideAWriteKeepsTheDescriptorUntilTheWriterHasLeft() throws IOException {
    Runnable whileWriting =
        () -> {
          hand.loop.close();
          assertFalse(hand.poll());
          assertTrue(handler.isClosed());
          done.add(socket.isOpen() ? "open" : "closed");
        };
    channel.write(Chunk.lent(new byte[5], 0, 5, whileWriting));
    hand.round();
    assertDone("open");
    assertFalse(socket.isOpen());
  }

  @Test
  void close_insideAWriteLeavesOtherChannelsThatAreBeingClosed() throws IOException {
    HandLoop.Connected other = hand.connect(Recorder::new);
    try (SocketChannel itsPeer = other.peer()) {
      channel.write(
          Chunk.lent(
              new byte[5],
              0,
              5,
              () -> {
                other.channel().close();
                channel.close(); // And it is to be finished again when the write is over.
              }));
      hand.rounds();
      assertEquals(0, connections());
      assertEquals(-1, itsPeer.read(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void endOfTheLoop_closesItsChannels() throws IOException {
    hand.loop.close();
    hand.poll();
    assertTrue(handler.isClosed());
    assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
    channel.write(ByteBuffer.allocate(1));
    channel.execute(() -> done.add("task"));
    channel.close();
    assertDone();
  }

  private Chunk lent(int bytes) {
    return Chunk.lent(new byte[bytes], 0, bytes, () -> done.add("given back"));
  }

  @Test
  void write_thatComesTooLateGivesBackWhatWasLent() throws IOException {
    channel.write(lent(0)); // Nothing is to be sent.
    assertDone("given back");
    channel.end();
    channel.write(lent(5));
    channel.write(ByteBuffer.allocate(5));
    assertDone("given back");
    assertEquals(0, channel.queued());
    hand.rounds();
    assertDone("outputEnded");
    assertEquals(0, receiveAll());
    channel.close();
    channel.write(lent(5));
    channel.write(ByteBuffer.allocate(5));
    assertDone("given back");
    assertEquals(0, channel.queued());
  }

  @Test
  void write_afterClosingGivesBackWhatWasLent() {
    channel.close();
    channel.write(lent(5));
    assertDone("given back");
    hand.rounds();
    assertDone();
  }

  @Test
  void write_ofOneByteIsSent() throws IOException {
    channel.write(lent(1));
    hand.round();
    assertDone("given back");
    receive(1);
  }

  @Test
  void end_isSentOnceAndMayBecomeAClose() throws IOException {
    channel.end();
    channel.end();
    hand.rounds();
    channel.end();
    hand.rounds();
    assertDone("outputEnded");
    channel.closeAfterWrites();
    channel.end();
    send(5);
    hand.rounds();
    assertDone(); // What arrives is dropped.
    peer.shutdownOutput();
    hand.rounds();
    assertTrue(handler.isClosed());
    channel.end();
    channel.closeAfterWrites();
    hand.rounds();
    assertDone();
  }
}
