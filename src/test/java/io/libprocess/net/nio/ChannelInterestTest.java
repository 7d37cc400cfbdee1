package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of a channel is watched, and looked at otherwise, in one thread. */
@Timeout(60)
class ChannelInterestTest extends ChannelFixture {

  /* ------ A new selector ------ */

  @Test
  void newSelector_isNotGivenChannelsThatWereClosed() throws IOException {
    channel.close();
    hand.round();
    hand.replaceSelector();
    assertEquals(0, log.count(text -> text.contains("cannot be watched")));
  }

  @Test
  void newSelector_getsTheInterestThatThereIs() throws IOException {
    hand.replaceSelector();
    assertEquals(READ, hand.interest(socket));
    channel.write(ByteBuffer.allocate(MUCH));
    hand.round();
    hand.replaceSelector();
    assertEquals(READ | WRITE, hand.interest(socket));
    channel.pause();
    hand.replaceSelector();
    assertEquals(WRITE, hand.interest(socket));
    receive(MUCH);
    hand.rounds();
    assertDone("drained");
    channel.resume();
    peer.shutdownOutput();
    hand.rounds();
    assertDone("ended");
    hand.replaceSelector();
    assertEquals(0, hand.interest(socket));
  }

  /* ------ Without interest ------ */

  @Test
  void reset_whilePausedIsFoundByLooking() throws IOException {
    channel.pause();
    hand.round();
    look();
    assertFalse(handler.isClosed());
    resetByPeer();
    hand.rounds();
    assertFalse(handler.isClosed());
    look();
    assertEquals("Connection reset by peer", handler.failure.orElseThrow().getMessage());
    assertDone();
    look();
    assertEquals(0, hand.timers());
  }

  @Test
  void reset_afterTheEndOfTheInputIsFoundByLooking() throws IOException {
    peer.shutdownOutput();
    hand.rounds();
    resetByPeer();
    hand.rounds();
    assertFalse(handler.isClosed());
    look();
    assertEquals("Connection reset by peer", handler.failure.orElseThrow().getMessage());
  }

  @Test
  void looking_endsWithThePauseAndBeginsAgainWithTheNext() throws IOException {
    channel.pause();
    channel.resume();
    channel.pause(); // Does not ask twice.
    channel.resume();
    hand.round();
    assertEquals(1, hand.timers());
    look();
    assertEquals(1, hand.timers());
    look(); // Nothing is left.
    assertEquals(0, hand.timers());
    channel.pause();
    hand.round();
    assertEquals(1, hand.timers());
    resetByPeer();
    look();
    assertTrue(handler.isClosed());
  }

  @Test
  void looking_isAskedForOnceInARow() throws IOException {
    RestlessSelector selector = hand.selector();
    channel.pause();
    hand.round();
    int tasks = selector.now.get();
    for (int i = 0; i < 3; i++) {
      channel.resume();
      channel.pause();
      hand.round();
      assertEquals(tasks, selector.now.get());
    }
    look();
    tasks = selector.now.get();
    channel.resume();
    channel.pause();
    hand.round();
    assertEquals(tasks, selector.now.get());
  }

  @Test
  void looking_findsNoResetInAnEndOfTheOutput() throws IOException {
    channel.pause();
    channel.end();
    hand.rounds();
    look();
    peer.shutdownOutput();
    look();
    assertFalse(handler.isClosed());
    channel.resume();
    hand.rounds();
    assertDone("outputEnded", "ended");
    assertEquals(Optional.empty(), handler.failure);
  }

  /** It would report the peer's orderly end as an error. */
  @Test
  void looking_isForTcpOnly(@TempDir Path folder) throws IOException {
    HandLoop.Connected local =
        hand.open(HandLoop.connectLocalSockets(folder.resolve("s")), Telling::new);
    local.channel().pause();
    local.peer().close();
    look();
    assertEquals(1, local.handler().closed.getCount());
    assertEquals(0, hand.timers());
    local.channel().close();
    hand.round();
  }

  @Test
  void looking_atAChannelThatWasClosedEnds() throws IOException {
    channel.pause();
    channel.close();
    hand.round();
    int timers = hand.timers();
    look();
    assertEquals(0, hand.timers());
    assertTrue(timers <= 1);
  }
}
