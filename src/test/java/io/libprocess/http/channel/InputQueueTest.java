package io.libprocess.http.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.http.server.ServerFixture;
import io.libprocess.internal.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputQueueTest {

  private static final int PIECE = 10_000;

  private final FakeChannel channel = new FakeChannel();
  private final InputQueue input = new InputQueue(channel);

  private int addUntilPaused() {
    int count = 0;
    while (!channel.isPaused() && count < 1000) {
      input.add(new byte[PIECE]);
      count++;
    }
    return count;
  }

  private void takeAll() {
    while (!input.isEmpty()) {
      input.poll();
    }
  }

  @Test
  void pieces_areTakenInOrder() {
    byte[][] pieces = new byte[4][1];
    input.addOwn(pieces[0]);
    input.add(pieces[1]);
    input.addOwn(pieces[2]);
    assertSame(pieces[0], input.poll());
    assertFalse(input.isEmpty());
    input.addOwn(pieces[3]);
    for (int i = 1; i < 4; i++) {
      assertSame(pieces[i], input.poll());
    }
    assertNull(input.poll());
    assertTrue(input.isEmpty());
  }

  @Test
  void held_isWhatWaitsWithTheCostOfItsPieces() {
    assertEquals(0, input.held());
    input.addOwn(new byte[5]);
    assertEquals(5, input.held());
    input.add(new byte[7]);
    assertEquals(5 + 7 + MemoryBudget.OBJECT, input.held());
    input.poll();
    assertEquals(7 + MemoryBudget.OBJECT, input.held());
    input.poll();
    assertEquals(0, input.held());
  }

  @Test
  void emptiness_isThatOfBothParts() {
    assertTrue(input.isEmpty());
    input.addOwn(new byte[1]);
    assertFalse(input.isEmpty());
    input.poll();
    input.add(new byte[1]);
    assertFalse(input.isEmpty());
  }

  @Test
  void floodThatIsOver_isForgotten() {
    addUntilPaused();
    takeAll();
    input.pause(false);
    input.pause(true);
    assertTrue(channel.isPaused());
    channel.resume();
    input.pause(true);
    assertFalse(channel.isPaused()); // It is said only once.
  }

  @Test
  void manyPieces_pauseTheChannelUntilTheWorkerSaysWhatHolds() {
    assertEquals(27, addUntilPaused());
    input.pause(true);
    assertTrue(channel.isPaused());
    takeAll();
    input.pause(false);
    assertFalse(channel.isPaused());

    assertEquals(27, addUntilPaused());
    takeAll();
    input.pause(false);
    assertFalse(channel.isPaused());
  }

  @Test
  void fewPieces_pauseTheChannelWhereNoMemoryIsLeft() {
    MemoryBudget memory = new MemoryBudget(1);
    FakeChannel poor = new FakeChannel(memory);
    InputQueue queue = new InputQueue(poor);
    queue.add(new byte[PIECE]);
    memory.take(1);
    queue.add(new byte[100]);
    assertFalse(poor.isPaused());
    queue.add(new byte[PIECE]);
    assertTrue(poor.isPaused());
  }

  @Test
  void pause_ofTheThreadThatAddsIsUndoneByTheWorkerThatDoesNotKnowOfIt() {
    addUntilPaused();
    channel.resume(); // As a worker that has looked for the note a moment too early.
    input.pause(true);
    assertTrue(channel.isPaused());
  }

  @Test
  void piecesThatAreTakenInTime_doNotPauseTheChannel() {
    for (int i = 0; i < 1000; i++) {
      input.add(new byte[PIECE]);
      input.poll();
    }
    assertFalse(channel.isPaused());
  }

  /** The handler stands for a thread that works slowly while the channel goes on. */
  @Test
  void flood_duringTheWorkIsHeldBackAndAnsweredLater() {
    FakeChannel[] flooding = new FakeChannel[1];
    List<String> sent = new ArrayList<>();
    String field = "X: " + "x".repeat(PIECE) + "\r\n";
    try (ServerFixture flooded =
        new ServerFixture(
            Limits.defaults(),
            request -> {
              while (request.path().equals("/first")
                  && !flooding[0].isPaused()
                  && sent.size() < 1000) {
                sent.add(ServerFixture.ok("/" + sent.size()));
                flooding[0].receive(
                    "GET /" + (sent.size() - 1) + " HTTP/1.1\r\nHost: a\r\n" + field + "\r\n");
              }
              return Future.of(Response.ok(request.path()));
            })) {
      flooding[0] = flooded.channel;
      flooded.receive("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");

      assertEquals(26, sent.size());
      assertFalse(flooded.channel.isPaused());
      flooded.assertSent(ServerFixture.ok("/first"), String.join("", sent));
    }
  }
}
