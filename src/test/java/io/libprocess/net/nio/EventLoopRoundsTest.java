package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Recorder;
import io.libprocess.support.Counts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An event loop round by round, in one thread. */
@Timeout(60)
class EventLoopRoundsTest extends EventLoopFixture {

  /* ------ Waiting and waking up ------ */

  @Test
  void round_waitsOnlyIfThereIsNothingToDo() {
    RestlessSelector selector = hand.selector();
    hand.round();
    assertEquals(1, selector.waits.get());
    loop.execute(() -> done.add("task"));
    assertDone();
    hand.round();
    assertDone("task");
    assertEquals(1, selector.waits.get());
    assertEquals(1, selector.now.get());
    loop.execute(() -> loop.afterNextSelection(() -> done.add("after")));
    hand.round();
    assertDone();
    hand.round(); // The system has to be asked at once, so that it releases what is closed.
    assertDone("after");
    assertEquals(1, selector.waits.get());
    assertEquals(3, selector.now.get());
    hand.round();
    assertEquals(2, selector.waits.get());
  }

  @Test
  void execute_wakesALoopThatWaitsOnce() {
    RestlessSelector selector = hand.selector();
    selector.beginning =
        () -> {
          loop.execute(() -> done.add("first"));
          loop.execute(() -> done.add("second"));
        };
    hand.round();
    assertDone("first", "second");
    assertEquals(1, selector.wakeUps.get());
    selector.beginning = () -> {};
    loop.execute(() -> done.add("third")); // It does not wait now.
    assertEquals(1, selector.wakeUps.get());
    selector.beginning = loop::wakeUp; // Nor while it has something to do.
    assertTrue(hand.round());
    assertEquals(1, selector.wakeUps.get());
    assertDone("third");
    selector.beginning = () -> {};
    hand.round();
    loop.execute(() -> {}); // Nor after it has waited for nothing.
    assertEquals(1, selector.wakeUps.get());
  }

  @Test
  void interest_wakesALoopThatWaitsIfItIsAdded() throws IOException {
    Endpoint endpoint = new Endpoint("a");
    RestlessSelector selector = hand.selector();
    selector.beginning = () -> loop.interest(endpoint.key, SelectionKey.OP_READ, false);
    hand.round();
    assertEquals(0, endpoint.key.interestOps());
    assertEquals(0, selector.wakeUps.get());
    selector.beginning = () -> loop.interest(endpoint.key, SelectionKey.OP_READ, true);
    hand.round();
    assertEquals(SelectionKey.OP_READ, endpoint.key.interestOps());
    assertEquals(1, selector.wakeUps.get());
    endpoint.key.cancel();
    loop.interest(endpoint.key, SelectionKey.OP_READ, true); // Does nothing.
  }

  @Test
  void readyEndpoint_ofALoopThatWaitedIsServedWithoutWakingIt() throws IOException {
    Endpoint endpoint = new Endpoint("a");
    endpoint.write();
    endpoint.failure = new CancelledKeyException();
    loop.execute(() -> {});
    hand.round();
    endpoint.failure = null;
    Selectable adds =
        new Selectable() {
          @Override
          public void register(Selector selector) {}

          @Override
          public void ready(int operations) {
            loop.execute(() -> done.add("task")); // No system call is needed: it does not wait.
            endpoint.ready(operations);
          }

          @Override
          public void abort() {}
        };
    endpoint.key.attach(adds);
    hand.round();
    assertEquals(0, hand.selector().wakeUps.get());
    assertDone("a", "a", "task");
  }

  @Test
  void interrupt_thatWasLeftOnTheThreadDoesNotReachTheSelector() {
    hand.selector().beginning =
        () -> done.add(Thread.currentThread().isInterrupted() ? "interrupted" : "waits");
    Thread.currentThread().interrupt();
    hand.round();
    assertDone("waits");
  }

  @Test
  void rounds_areCounted() {
    long before = loop.rounds();
    rounds(3);
    assertEquals(before + 3, loop.rounds());
  }

  /* ------ Tasks ------ */

  @Test
  void afterNextSelection_runsWhatTasksAddOneSelectionLater() {
    loop.execute(
        () ->
            loop.afterNextSelection(
                () -> {
                  done.add("first");
                  loop.afterNextSelection(() -> done.add("second"));
                }));
    hand.round();
    assertDone();
    hand.round();
    assertDone("first");
    hand.round();
    assertDone("second");
  }

  @Test
  void tasks_thatThrowDoNotKeepOthersFromRunning() throws InterruptedException {
    Runnable bad =
        () -> {
          throw new OutOfMemoryError("on purpose");
        };
    loop.execute(
        () -> {
          loop.afterNextSelection(bad);
          loop.afterNextSelection(() -> done.add("after"));
        });
    loop.execute(bad);
    loop.execute(() -> done.add("task"));
    rounds(2);
    assertDone("task", "after");
    log.await("A task of an event loop threw");
  }

  /* ------ Endpoints ------ */

  @Test
  void endpoint_thatThrowsIsAbortedAndTheOthersAreServed() throws Exception {
    Endpoint bad = new Endpoint("bad");
    Endpoint good = new Endpoint("good");
    bad.failure = new StackOverflowError();
    bad.write();
    good.write();
    hand.round();
    assertTrue(done.remove("good"), done::toString);
    assertDone("bad", "abort bad", "left bad");
    assertTrue(bad.key.isValid()); // To abort is the endpoint's own affair.
    log.await("A connection could not be served");
  }

  @Test
  void endpoint_thatCannotBeAbortedIsNotServedAgain() throws Exception {
    Endpoint bad = new Endpoint("bad");
    bad.failure = new IllegalStateException();
    bad.closing = new OutOfMemoryError("on purpose");
    bad.write();
    hand.round();
    assertDone("bad", "abort bad", "left bad");
    hand.round();
    assertDone();
    log.await("A connection could not be closed cleanly");
  }

  @Test
  void closeMostSilent_closesOneThatMayBeClosed() throws IOException {
    Endpoint busy = new Endpoint("busy");
    hand.run(() -> assertFalse(loop.closeMostSilent()));
    Endpoint later = new Endpoint("later");
    Endpoint silent = new Endpoint("silent");
    Endpoint last = new Endpoint("last");
    later.silentSince = 7;
    silent.silentSince = 5;
    last.silentSince = 7;
    loop.execute(() -> done.add("" + loop.closeMostSilent()));
    hand.round();
    assertDone("abort silent", "true", "left silent");
    loop.execute(() -> done.add("" + loop.closeMostSilent()));
    hand.round();
    assertDone("abort later", "true", "left later");
    last.silentSince = Long.MAX_VALUE;
    loop.execute(() -> done.add("" + loop.closeMostSilent()));
    hand.round();
    assertDone("false");
    assertTrue(busy.key.isValid());
  }

  /* ------ The end ------ */

  @Test
  void close_wakesALoopThatWaitsAndEndsIt() {
    RestlessSelector selector = hand.selector();
    assertFalse(loop.isClosing());
    selector.beginning =
        () -> {
          loop.close();
          loop.close();
        };
    assertTrue(loop.execute(() -> {}));
    assertFalse(hand.poll());
    assertEquals(0, selector.wakeUps.get());
    assertTrue(loop.hasEnded());
    assertFalse(selector.isOpen());
    assertFalse(loop.execute(() -> done.add("late")));
    hand.round();
    assertDone();
  }

  @Test
  void close_wakesTheSelectorOnce() {
    RestlessSelector selector = hand.selector();
    selector.beginning =
        () -> {
          loop.close();
          loop.close();
        };
    assertFalse(hand.round());
    assertEquals(1, selector.wakeUps.get());
  }

  @Test
  void close_abortsAllAndRunsWhatIsLeft() throws Exception {
    Endpoint first = new Endpoint("first");
    new Endpoint("second");
    first.closing = new OutOfMemoryError("on purpose");
    loop.execute(
        () -> {
          done.add("task");
          loop.afterNextSelection(() -> done.add("after"));
          loop.close();
          assertTrue(loop.isClosing());
        });
    assertFalse(loop.isClosing());
    assertFalse(hand.round());
    assertDone("task", "abort first", "abort second", "left first", "left second", "after");
    assertTrue(loop.awaitReleased(0));
    log.await("A task of an event loop threw");
  }

  @Test
  void close_isDoneWithoutWaitingForTheSelector() {
    loop.close();
    int waits = hand.selector().waits.get();
    assertFalse(hand.round());
    assertEquals(waits, hand.selector().waits.get());
  }

  @Test
  void awaitReleased_hasAnotherThreadPollIfItTakesLong() throws InterruptedException {
    assertFalse(loop.awaitReleased(2));
    assertEquals(1, hand.takeOvers());
    loop.close();
    hand.round();
    assertTrue(loop.awaitReleased(2));
    assertEquals(1, hand.takeOvers());
  }

  @Test
  void discard_closesTheSelectorOfALoopThatWasNeverStarted() {
    loop.discard();
    assertFalse(hand.selector().isOpen());
    loop.close();
    hand.round();
  }

  /* ------ Reading ------ */

  @Test
  void read_countsAndIsInNetworkOrder() throws Exception {
    HandLoop.Connected connection = hand.connect(Recorder::new);
    connection.handler().channel.pause();
    long before = received();
    connection.peer().write(ByteBuffer.wrap(new byte[] {0, 0, 1, 2}));
    ByteBuffer[] read = new ByteBuffer[1];
    hand.run(() -> read[0] = loop.read(connection.socket()));
    assertEquals(4, read[0].remaining());
    assertEquals(258, read[0].getInt());
    assertEquals(before + 4, received());
    read[0].order(ByteOrder.LITTLE_ENDIAN); // By a handler.
    connection.peer().write(ByteBuffer.wrap(new byte[] {0, 0, 1, 3}));
    hand.run(() -> read[0] = loop.read(connection.socket()));
    assertEquals(259, read[0].getInt());
    hand.run(() -> read[0] = loop.read(connection.socket()));
    assertFalse(read[0].hasRemaining()); // There was no input.
    connection.peer().close();
    hand.run(() -> read[0] = loop.read(connection.socket()));
    assertNull(read[0]);
  }

  private long received() {
    return Counts.of(hand.connections).get("received_bytes");
  }
}
