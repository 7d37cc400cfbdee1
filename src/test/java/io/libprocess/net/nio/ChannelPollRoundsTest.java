package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits for a channel of the JDK, round by round in one thread. */
@Timeout(60)
class ChannelPollRoundsTest {

  private static final int READ = SelectionKey.OP_READ;
  private static final int WRITE = SelectionKey.OP_WRITE;
  private static final int NOT_WATCHED = -1;

  private HandLoop hand;
  private SocketChannel socket;
  private SocketChannel peer;

  @BeforeEach
  void open() throws IOException {
    hand = new HandLoop();
    HandLoop.Sockets sockets = HandLoop.connectSockets();
    socket = sockets.socket();
    peer = sockets.peer();
  }

  @AfterEach
  void close() throws IOException {
    hand.close();
    socket.close();
    peer.close();
  }

  private ChannelPolls.Request ask(int operations) {
    ChannelPolls.Request request = new ChannelPolls.Request(socket, operations);
    hand.loop.execute(() -> hand.loop.polls().add(request));
    return request;
  }

  private void giveUp(ChannelPolls.Request request) {
    hand.loop.execute(() -> hand.loop.polls().remove(request));
  }

  private static void assertReady(int operations, ChannelPolls.Request request) {
    assertTrue(request.future().isReady(), () -> "" + request.future());
    assertEquals(operations, request.future().get());
  }

  private static void assertPending(ChannelPolls.Request request) {
    assertTrue(request.future().isPending(), () -> "" + request.future());
  }

  private void send() throws IOException {
    peer.write(ByteBuffer.allocate(1));
  }

  @Test
  void wait_isOverWhenOneOfItsOperationsIsPossible() throws IOException {
    ChannelPolls.Request request = ask(READ | WRITE);
    assertEquals(NOT_WATCHED, hand.interest(socket));
    hand.round();
    assertEquals(READ | WRITE, hand.interest(socket));
    hand.poll();
    assertPending(request); // Its callbacks are not run while the loop polls.
    hand.runReady();
    assertReady(WRITE, request);
    hand.round();
    assertEquals(NOT_WATCHED, hand.interest(socket));
    assertTrue(socket.isOpen());
  }

  @Test
  void waits_forSeveralOperationsShareTheInterest() throws IOException {
    ChannelPolls.Request read = ask(READ);
    hand.round();
    ChannelPolls.Request write = ask(WRITE);
    ChannelPolls.Request both = ask(READ | WRITE);
    hand.round();
    assertEquals(READ | WRITE, hand.interest(socket));
    hand.round();
    assertPending(read);
    assertReady(WRITE, write);
    assertReady(WRITE, both);
    assertEquals(READ, hand.interest(socket));
    send();
    hand.rounds();
    assertReady(READ, read);
    assertEquals(NOT_WATCHED, hand.interest(socket));
  }

  @Test
  void wait_thatIsGivenUpLeavesTheOthers() throws IOException {
    ChannelPolls.Request first = ask(READ);
    ChannelPolls.Request second = ask(READ);
    ChannelPolls.Request third = ask(SelectionKey.OP_CONNECT);
    hand.round();
    giveUp(third);
    hand.round();
    assertTrue(third.future().isDiscarded());
    assertEquals(READ, hand.interest(socket));
    giveUp(first);
    giveUp(first);
    hand.round();
    assertTrue(first.future().isDiscarded());
    send();
    hand.rounds();
    assertReady(READ, second);
    hand.run(() -> hand.loop.polls().remove(second)); // Nothing is left of it.
  }

  @Test
  void lastWait_thatIsGivenUpEndsTheWatch() {
    ChannelPolls.Request request = ask(READ);
    hand.round();
    giveUp(request);
    hand.round();
    assertEquals(NOT_WATCHED, hand.interest(socket));
    hand.round();
    assertFalse(socket.isRegistered());
    hand.replaceSelector();
    assertFalse(socket.isRegistered());
  }

  @Test
  void wait_thatFollowsAtOnceIsWatchedWhenTheSelectorHasForgottenTheOneBefore() throws IOException {
    ChannelPolls.Request first = ask(READ);
    hand.round();
    giveUp(first);
    ChannelPolls.Request second = ask(READ); // In the same round.
    ChannelPolls.Request third = ask(READ);
    hand.round();
    assertPending(second);
    assertEquals(NOT_WATCHED, hand.interest(socket));
    giveUp(third);
    hand.round();
    assertTrue(third.future().isDiscarded());
    assertEquals(READ, hand.interest(socket));
    send();
    hand.rounds();
    assertReady(READ, second);
  }

  @Test
  void waits_thatAreGivenUpBeforeTheyAreWatchedLeaveNothing() {
    ChannelPolls.Request first = ask(READ);
    hand.round();
    giveUp(first);
    ChannelPolls.Request second = ask(READ);
    giveUp(second);
    hand.rounds();
    assertTrue(second.future().isDiscarded());
    assertEquals(NOT_WATCHED, hand.interest(socket));
    assertFalse(socket.isRegistered());
    ChannelPolls.Request third = ask(READ); // It is not added to what is left of them.
    hand.rounds();
    assertEquals(READ, hand.interest(socket));
    assertPending(third);
  }

  @Test
  void wait_forAChannelThatCannotBeWatchedFails() throws IOException {
    socket.configureBlocking(true);
    ChannelPolls.Request blocking = ask(READ);
    hand.round();
    assertTrue(blocking.future().isFailed());
    socket.configureBlocking(false);
    ChannelPolls.Request next = ask(READ);
    hand.round();
    assertEquals(READ, hand.interest(socket));
    assertPending(next);
  }

  @Test
  void wait_forAChannelThatWasClosedFails() throws IOException {
    ChannelPolls.Request first = ask(READ);
    hand.round();
    socket.close();
    ChannelPolls.Request second = ask(READ);
    hand.round();
    assertInstanceOf(ClosedChannelException.class, first.future().failure());
    assertInstanceOf(ClosedChannelException.class, second.future().failure());
    ChannelPolls.Request third = ask(READ);
    hand.round();
    assertTrue(third.future().isFailed());
  }

  @Test
  void waits_areWatchedByANewSelector() throws IOException {
    ChannelPolls.Request request = ask(READ);
    hand.round();
    hand.replaceSelector();
    assertEquals(READ, hand.interest(socket));
    send();
    hand.rounds();
    assertReady(READ, request);
  }

  @Test
  void waits_failWhenTheLoopIsClosed() {
    ChannelPolls.Request first = ask(READ);
    ChannelPolls.Request second = ask(READ);
    hand.poll();
    hand.loop.close();
    ChannelPolls.Request third = ask(READ);
    hand.round();
    for (ChannelPolls.Request request : List.of(first, second, third)) {
      assertEquals("the transport is closed", request.future().failure().getMessage());
    }
    assertTrue(socket.isOpen());
    assertFalse(socket.isRegistered());
  }
}
