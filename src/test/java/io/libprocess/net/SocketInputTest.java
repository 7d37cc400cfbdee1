package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receiving, on a channel that the test controls. */
class SocketInputTest {

  private static final int READ_AHEAD = 64 * 1024;
  private static final int OBJECT = 64; // What a piece costs beside its bytes.

  private final HandChannel channel = new HandChannel();
  private final Socket socket = Socket.on(channel);

  SocketInputTest() {
    channel.handler = socket.handler();
  }

  private static String failure(Future<?> future) {
    assertTrue(future.isFailed(), future::toString);
    return future.failure().getMessage();
  }

  private static <T> T ready(Future<T> future) {
    assertTrue(future.isReady(), future::toString);
    return future.get();
  }

  private static String text(Future<Chunk> received) {
    return ready(received).utf8();
  }

  private static int size(Future<Chunk> received) {
    return ready(received).size();
  }

  private void assertCalls(String... calls) {
    assertEquals(List.of(calls), channel.calls);
    channel.calls.clear();
  }

  /* ------ What is taken ------ */

  @Test
  void receive_needsRoomForAByte() {
    assertThrows(IllegalArgumentException.class, () -> socket.receive(0));
    channel.receive("ab");
    assertEquals("a", text(socket.receive(1)));
  }

  @Test
  void receiveExactly_takesNoNegativeNumber() {
    assertThrows(IllegalArgumentException.class, () -> socket.receiveExactly(-1));
    assertEquals("", text(socket.receiveExactly(0)));
  }

  @Test
  void receiveAll_takesALimitThatCanBeExceeded() {
    assertThrows(IllegalArgumentException.class, () -> socket.receiveAll(-1));
    assertThrows(IllegalArgumentException.class, () -> socket.receiveAll(Integer.MAX_VALUE));
    Future<Chunk> most = socket.receiveAll(Integer.MAX_VALUE - 1);
    channel.handler.ended();
    channel.runTasks();
    assertEquals("", text(most));
    assertEquals("", text(socket.receiveAll(0)));
  }

  @Test
  void pieces_areCutAndJoinedAsTheyAreAskedFor() {
    channel.receive("ab");
    channel.receive("cd");
    channel.receive("ef");
    channel.receive("g");
    assertEquals("abc", text(socket.receiveExactly(3)));
    assertEquals("d", text(socket.receive(1)));
    assertEquals("ef", text(socket.receiveExactly(2)));
    assertEquals("g", text(socket.receive(100)));
    assertTrue(socket.receive(1).isPending());
  }

  @Test
  void receiveExactly_waitsForTheLastByte() {
    Future<Chunk> exactly = socket.receiveExactly(3);
    channel.receive("ab");
    channel.runTasks();
    assertTrue(exactly.isPending());
    channel.receive("cd");
    channel.runTasks();
    assertEquals("abc", text(exactly));
    assertEquals("d", text(socket.receive(100)));
  }

  @Test
  void receiveExactly_takesLessAtTheEnd() {
    Future<Chunk> exactly = socket.receiveExactly(3);
    channel.receive("ab");
    channel.handler.ended();
    channel.runTasks();
    assertEquals("ab", text(exactly));
    assertEquals("", text(socket.receiveExactly(3)));
  }

  @Test
  void receiveAll_waitsWithAsMuchAsItMayTake() {
    Future<Chunk> all = socket.receiveAll(2);
    channel.receive("ab");
    channel.runTasks();
    assertTrue(all.isPending());
    channel.handler.ended();
    channel.runTasks();
    assertEquals("ab", text(all));
  }

  @Test
  void receiveAll_failsAndTakesNothingIfThereIsMore() {
    Future<Chunk> all = socket.receiveAll(2);
    channel.receive("abc");
    channel.handler.ended();
    channel.runTasks();
    assertEquals("more than 2 bytes arrived", failure(all));
    assertEquals("more than 1 bytes arrived", failure(socket.receiveAll(1)));
    assertEquals("abc", text(socket.receiveAll(3)));
  }

  @Test
  void waitingReceive_isCompletedInASeparateTask() {
    channel.receive("a");
    assertTrue(channel.tasks.isEmpty(), "nobody waits");
    assertEquals("a", text(socket.receive(1)));
    Future<Chunk> next = socket.receiveExactly(2);
    channel.receive("b");
    assertTrue(channel.tasks.isEmpty(), "that is not enough");
    channel.receive("c");
    assertTrue(next.isPending());
    channel.runTasks();
    assertEquals("bc", text(next));
  }

  @Test
  void secondReceive_isRefusedUntilTheFirstIsDone() {
    Future<Chunk> first = socket.receive(1);
    assertEquals("Socket is already receiving", failure(socket.receive(1)));
    channel.receive("ab");
    assertEquals("Socket is already receiving", failure(socket.receive(1)));
    channel.runTasks();
    assertEquals("a", text(first));
    assertEquals("b", text(socket.receive(1)));
  }

  @Test
  void discard_ofAReceiveThatIsDoneDoesNotTakeFromTheNext() {
    Future<Chunk> first = socket.receive(1);
    channel.receive("a");
    channel.runTasks();
    Future<Chunk> second = socket.receive(1);
    first.discard();
    channel.receive("b");
    channel.runTasks();
    assertEquals("a", text(first));
    assertEquals("b", text(second));
  }

  /* ------ The end ------ */

  @Test
  void brokenConnection_failsAReceiveThatLacksBytes() {
    Future<Chunk> exactly = socket.receiveExactly(3);
    channel.receive("ab");
    channel.fail("broken");
    channel.runTasks();
    assertEquals("broken", failure(exactly));
    assertEquals("ab", text(socket.receive(10)), "it arrived before");
    assertEquals("broken", failure(socket.receive(10)));
    assertEquals("", text(socket.receiveExactly(0)));
  }

  @Test
  void brokenConnection_failsAReceiveOfEverything() {
    Future<Chunk> all = socket.receiveAll(100);
    channel.receive("ab");
    channel.fail("broken");
    channel.runTasks();
    assertEquals("broken", failure(all));
  }

  @Test
  void firstReason_isKept() {
    socket.close();
    channel.fail("broken");
    channel.runTasks();
    String closed = "the socket to 127.0.0.1:2 is closed";
    assertEquals(closed, failure(socket.receive(1)));
    assertEquals(closed, failure(socket.send(Chunk.utf8("x"))));
  }

  @Test
  void closedConnection_isAFailureUnlessTheEndCameFirst() {
    channel.handler.closed(Optional.empty());
    channel.runTasks();
    assertEquals("the connection to 127.0.0.1:2 is closed", failure(socket.receive(1)));
  }

  @Test
  void errorAfterTheEnd_isNone() {
    channel.handler.ended();
    channel.fail("broken");
    channel.runTasks();
    assertEquals("", text(socket.receive(1)));
  }

  @Test
  void closing_failsTheReceiveThatWaits() {
    Future<Chunk> waiting = socket.receive(1);
    socket.close();
    assertEquals("the socket to 127.0.0.1:2 is closed", failure(waiting));
    assertCalls("closeAfterWrites");
  }

  @Test
  void shutDownInput_isAtTheEndAndTakesNoMore() {
    channel.receive("ab");
    Future<Chunk> waiting = socket.receiveExactly(3);
    socket.shutdown(Socket.Direction.READ);
    assertEquals("", text(waiting));
    channel.receive("cd");
    assertEquals("", text(socket.receive(10)));
    assertTrue(channel.tasks.isEmpty());
    assertCalls();
  }

  /* ------ Reading ahead ------ */

  @Test
  void readAhead_endsWhereTheLimitIsReached() {
    channel.receive(READ_AHEAD - 1);
    assertCalls();
    channel.receive(1);
    assertCalls("pause");
    channel.receive(1);
    assertCalls();
    assertEquals(1, size(socket.receive(1)));
    assertCalls();
    assertEquals(1, size(socket.receive(1)));
    assertCalls("resume");
  }

  @Test
  void readAhead_goesOnForAReceiveThatWaitsForMore() {
    Future<Chunk> large = socket.receiveExactly(READ_AHEAD + 2);
    channel.receive(READ_AHEAD + 1);
    assertCalls();
    channel.receive(READ_AHEAD);
    assertCalls("pause"); // It has enough, although it does not know yet.
    channel.runTasks();
    assertEquals(READ_AHEAD + 2, size(large));
    assertCalls("resume");
  }

  @Test
  void readAhead_goesOnWhenAReceiveAsksForMoreThanThereIs() {
    channel.receive(READ_AHEAD);
    assertCalls("pause");
    Future<Chunk> large = socket.receiveExactly(READ_AHEAD + 1);
    assertCalls("resume");
    large.discard();
    assertTrue(large.isDiscarded());
    assertCalls("pause");
  }

  @Test
  void readAhead_stopsAgainWhereAReceiveFailedForTooMuch() {
    Future<Chunk> all = socket.receiveAll(READ_AHEAD);
    channel.receive(READ_AHEAD);
    assertCalls();
    channel.receive(1);
    channel.runTasks();
    assertTrue(all.isFailed());
    assertCalls("pause");
  }

  @Test
  void readAhead_isShortWhereNoMemoryIsLeft() {
    channel.memory.take(HandChannel.LIMIT);
    channel.receive(1023);
    assertCalls();
    channel.receive(1);
    assertCalls("pause");
    channel.memory.give(HandChannel.LIMIT);
    assertEquals(1, size(socket.receive(1)));
    assertCalls("resume");
  }

  @Test
  void shutDownInput_readsOnToDropWhatComes() {
    channel.receive(READ_AHEAD);
    assertCalls("pause");
    socket.shutdown(Socket.Direction.READ);
    assertCalls("resume");
    assertEquals(0, channel.memory.used());
  }

  /* ------ Memory ------ */

  @ParameterizedTest
  @CsvSource({"1024, 0", "1025, 4096", "4096, 4096", "4097, 8192"})
  void memory_isCountedInSteps(int held, int counted) {
    channel.receive(held - OBJECT);
    assertEquals(counted, channel.memory.used());
    assertEquals(held - OBJECT, size(socket.receive(held)));
    assertEquals(0, channel.memory.used());
  }

  @Test
  void memory_isCountedForSmallPieces() {
    for (int i = 0; i < 100; i++) {
      channel.receive(1);
    }
    assertEquals(8192, channel.memory.used());
    socket.shutdown(Socket.Direction.READ);
    assertEquals(0, channel.memory.used());
  }

  /** Whoever forgets it to the end would otherwise take it from all connections for ever. */
  @Test
  void memory_isGivenBackWithTheConnection() {
    channel.receive(10_000);
    socket.close();
    channel.handler.closed(Optional.empty());
    channel.runTasks();
    assertEquals(0, channel.memory.used());
    assertEquals(10_000, size(socket.receive(20_000)), "it is the user's now");
    assertEquals(0, channel.memory.used());
  }
}
