package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An event loop whose selector or endpoints do not work, in one thread. */
@Timeout(60)
class EventLoopTroublesTest extends EventLoopFixture {

  private static final int MOST_IDLE_SELECTIONS = 512;
  private static final int RETRY_ROUNDS = 256;

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
    long start = System.nanoTime();
    rounds(20); // The new one is no better, so the loop pauses.
    assertTrue(System.nanoTime() - start > 50_000_000);
    assertEquals(2, hand.selectors.size());
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
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      hand.selector().beginning = bad;
      hand.round();
    }
    assertTrue(System.nanoTime() - start > 50_000_000, "no pauses");
    assertEquals(21, hand.selectors.size());
    for (int i = 0; i < 20; i++) {
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
    assertDone("abort first", "abort second", "left first", "left second");
    third.write();
    hand.round();
    assertDone("third");
    log.await("cannot be watched with the new selector");
  }
}
