package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Recorder;
import io.libprocess.support.Counts;
import io.libprocess.support.LogCapture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An event loop round by round, in one thread. */
@Timeout(60)
class EventLoopRoundsTest {

  private static final int MOST_IDLE_SELECTIONS = 512;
  private static final int RETRY_ROUNDS = 256;

  private final List<String> done = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private HandLoop hand;
  private EventLoop loop;
  private LogCapture log;

  @BeforeEach
  void open() throws IOException {
    log = new LogCapture();
    hand = new HandLoop();
    loop = hand.loop;
  }

  @AfterEach
  void close() throws IOException {
    hand.selector().beginning = () -> {};
    hand.close();
    for (Endpoint endpoint : endpoints) {
      endpoint.pipe.source().close();
      endpoint.pipe.sink().close();
    }
    log.close();
  }

  /** The reading end of a pipe. */
  private final class Endpoint implements Selectable {

    final String name;
    final Pipe pipe = Pipe.open();
    SelectionKey key;
    Throwable failure; // Thrown when it is ready.
    Throwable closing; // Thrown when it is aborted.
    Throwable refusing; // Thrown when it is registered.
    long silentSince = Long.MAX_VALUE;

    Endpoint(String name) throws IOException {
      this.name = name;
      pipe.source().configureBlocking(false);
      endpoints.add(this);
      hand.add(this);
    }

    void write() throws IOException {
      assertEquals(1, pipe.sink().write(ByteBuffer.allocate(1)));
    }

    @Override
    public void register(Selector selector) throws IOException {
      sneak(refusing);
      key = pipe.source().register(selector, SelectionKey.OP_READ, this);
    }

    @Override
    public void ready(int operations) {
      assertEquals(SelectionKey.OP_READ, operations);
      done.add(name);
      sneak(failure);
      try {
        pipe.source().read(ByteBuffer.allocate(1));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void retry() {
      done.add("retry " + name);
    }

    @Override
    public long silentSince() {
      return silentSince;
    }

    @Override
    public void abort() {
      done.add("abort " + name);
      loop.remove(this);
      sneak(closing);
    }
  }

  private static void sneak(Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    } else if (thrown instanceof Error e) {
      throw e;
    }
  }

  private void assertDone(String... all) {
    assertEquals(List.of(all), done);
    done.clear();
  }

  private long warnings(String part) {
    return log.warnings().stream().filter(text -> text.contains(part)).count();
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      hand.round();
    }
  }

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
    hand.round();
    assertEquals(1, selector.wakeUps.get());
    assertDone("third");
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
    assertDone("bad", "abort bad");
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
    assertDone("bad", "abort bad");
    hand.round();
    assertDone();
    log.await("A connection could not be closed cleanly");
  }

  @Test
  void closeMostSilent_closesOneThatMayBeClosed() throws IOException {
    Endpoint busy = new Endpoint("busy");
    loop.execute(() -> assertFalse(loop.closeMostSilent()));
    hand.round();
    Endpoint later = new Endpoint("later");
    Endpoint silent = new Endpoint("silent");
    Endpoint last = new Endpoint("last");
    later.silentSince = 7;
    silent.silentSince = 5;
    last.silentSince = 7;
    loop.execute(() -> done.add("" + loop.closeMostSilent()));
    hand.round();
    assertDone("abort silent", "true");
    loop.execute(() -> done.add("" + loop.closeMostSilent()));
    hand.round();
    assertDone("abort later", "true");
    last.silentSince = Long.MAX_VALUE;
    loop.execute(() -> done.add("" + loop.closeMostSilent()));
    hand.round();
    assertDone("false");
    assertTrue(busy.key.isValid());
  }

  /* ------ Trying again ------ */

  @Test
  void retryLater_asksAfterASelectionThatFoundNothing() throws IOException {
    Endpoint endpoint = new Endpoint("a");
    loop.execute(loop::retryLater);
    hand.round();
    assertDone();
    endpoint.write();
    hand.round();
    assertDone("a");
    assertEquals(100, hand.selector().lastLimit);
    hand.round(); // Nothing was ready in a tenth of a second.
    assertDone("retry a");
    hand.selector().lastLimit = 0;
    rounds(2);
    assertDone();
    assertEquals(0, hand.selector().lastLimit);
  }

  @Test
  void retryLater_asksAfterSomeRoundsOfALoopThatIsNeverIdle() throws IOException {
    Endpoint endpoint = new Endpoint("a");
    loop.execute(loop::retryLater);
    for (int i = 1; i < RETRY_ROUNDS; i++) {
      loop.execute(() -> {});
      hand.round();
    }
    assertDone();
    loop.execute(() -> {});
    hand.round();
    assertDone("retry a");
    assertTrue(endpoint.key.isValid());
  }

  @Test
  void retryLater_asksAtOnceWhenAnotherEndpointHasLeft() throws IOException {
    Endpoint first = new Endpoint("a");
    new Endpoint("b");
    loop.execute(loop::retryLater);
    hand.round();
    loop.execute(() -> loop.remove(first));
    hand.round();
    assertDone("retry b");
    loop.execute(() -> loop.remove(first)); // Nobody wants to try again.
    hand.round();
    assertDone();
  }

  /* ------ A broken selector ------ */

  @Test
  void idleSelections_inARowReplaceTheSelectorOnce() throws Exception {
    Endpoint endpoint = new Endpoint("a");
    rounds(MOST_IDLE_SELECTIONS - 1);
    endpoint.write();
    hand.round(); // There was a reason, so all is well.
    rounds(MOST_IDLE_SELECTIONS - 1);
    assertEquals(1, hand.selectors.size());
    hand.selector().beginning = loop::wakeUp; // This is a reason, too.
    hand.round();
    hand.selector().beginning = () -> {};
    rounds(MOST_IDLE_SELECTIONS - 1);
    assertEquals(1, hand.selectors.size());
    hand.round();
    assertEquals(2, hand.selectors.size());
    assertFalse(hand.selectors.get(0).isOpen());
    rounds(20);
    assertEquals(2, hand.selectors.size()); // The new one is no better.
    assertDone("a");
    endpoint.write();
    hand.round();
    assertDone("a");
    log.await("keeps returning without reason");
    assertEquals(1, warnings("keeps returning without reason"));
  }

  @Test
  void selector_thatFailsIsReplacedAndLoggedOnceInARow() throws Exception {
    Endpoint endpoint = new Endpoint("a");
    RestlessSelector.Beginning bad =
        () -> {
          throw new ClosedSelectorException();
        };
    for (int i = 0; i < 3; i++) {
      hand.selector().beginning = bad;
      hand.round();
    }
    assertEquals(4, hand.selectors.size());
    for (int i = 0; i < 3; i++) {
      assertFalse(hand.selectors.get(i).isOpen());
    }
    log.await("The selector failed and was replaced");
    assertEquals(1, warnings("The selector failed and was replaced"));
    endpoint.write();
    hand.round();
    assertDone("a");
    hand.selector().beginning = bad;
    hand.round();
    log.await("The selector failed and was replaced"); // One more than before.
  }

  @Test
  void selector_isKeptIfThereIsNoOther() throws Exception {
    Endpoint endpoint = new Endpoint("a");
    RestlessSelector selector = hand.selector();
    selector.beginning =
        () -> {
          throw new IOException("on purpose");
        };
    hand.opening =
        () -> {
          throw new IOException("Too many open files");
        };
    rounds(2);
    selector.beginning = () -> {};
    endpoint.write();
    hand.round();
    assertDone("a");
    assertSame(selector, hand.selector());
    assertTrue(selector.isOpen());
  }

  @Test
  void endpoints_thatCannotBeRegisteredAgainDoNotKeepOthersFromIt() throws Exception {
    Endpoint first = new Endpoint("first");
    Endpoint second = new Endpoint("second");
    Endpoint third = new Endpoint("third");
    first.refusing = new OutOfMemoryError("on purpose");
    second.refusing = new OutOfMemoryError("on purpose");
    second.closing = new IllegalStateException("on purpose");
    hand.selector().beginning =
        () -> {
          throw new IOException("on purpose");
        };
    hand.round();
    assertDone("abort first", "abort second");
    third.write();
    hand.round();
    assertDone("third");
    log.await("cannot be watched with the new selector");
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
        });
    assertFalse(loop.isClosing());
    assertFalse(hand.round());
    assertDone("task", "abort first", "abort second", "after");
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
    loop.execute(() -> read[0] = read(connection));
    hand.round();
    assertEquals(4, read[0].remaining());
    assertEquals(258, read[0].getInt());
    assertEquals(before + 4, received());
    read[0].order(ByteOrder.LITTLE_ENDIAN); // By a handler.
    connection.peer().write(ByteBuffer.wrap(new byte[] {0, 0, 1, 3}));
    loop.execute(() -> read[0] = read(connection));
    hand.round();
    assertEquals(259, read[0].getInt());
    loop.execute(() -> read[0] = read(connection));
    hand.round();
    assertFalse(read[0].hasRemaining()); // There was no input.
    connection.peer().close();
    loop.execute(() -> read[0] = read(connection));
    hand.round();
    assertNull(read[0]);
  }

  private ByteBuffer read(HandLoop.Connected connection) {
    try {
      return loop.read(connection.socket());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private long received() {
    return Counts.of(hand.connections).get("received_bytes");
  }
}
