package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackupRequestsTest {

  private final Timeline time = new Timeline();
  private final RetryBudget shared = RetryBudget.standard(time.clock());
  private final List<String> dropped = new ArrayList<>();
  private final List<Promise<String>> sent = new ArrayList<>();
  private boolean fast = true;
  private final Service<String, String> service =
      new BackupRequests<String, String>(
              0.1, shared, ResponseClassifier.standard(), time.clock(), dropped::add)
          .andThen(
              request -> {
                if (fast) {
                  return time.later(Duration.ofMillis(10), "fast");
                }
                Promise<String> promise = new Promise<>();
                sent.add(promise);
                return promise.future();
              });

  /** Sends requests that are answered after 10 ms, until the filter knows that. */
  private void learn() {
    for (int i = 0; i < 500; i++) {
      service.call("q");
      time.advanceMillis(10);
    }
    fast = false;
  }

  @Test
  void nothing_isSentTwiceBeforeLatenciesAreKnown() {
    fast = false;
    service.call("q");
    time.advance(Duration.ofSeconds(10));

    assertEquals(1, sent.size());
  }

  @Test
  void slowRequest_isSentASecondTimeAfterThePercentile() {
    learn();
    service.call("q");
    time.advanceMillis(9);
    assertEquals(1, sent.size());
    time.advanceMillis(2);

    assertEquals(2, sent.size());
  }

  @Test
  void firstSuccess_winsAndTheOtherIsDiscarded() {
    learn();
    for (int winner = 0; winner < 2; winner++) {
      sent.clear();
      Future<String> response = service.call("q");
      time.advanceMillis(11);
      sent.get(winner).set("r");

      assertEquals("r", response.get());
      assertTrue(sent.get(1 - winner).future().hasDiscard());
      sent.get(1 - winner).set("other");
    }
    assertEquals(List.of("other", "other"), dropped);
  }

  @Test
  void failedWinner_yieldsTheOthersOutcome() {
    learn();
    for (int first = 0; first < 2; first++) {
      sent.clear();
      Future<String> good = service.call("q");
      time.advanceMillis(11);
      sent.get(first).fail("x");
      assertTrue(good.isPending());
      sent.get(1 - first).set("r");
      assertEquals("r", good.get());

      sent.clear();
      Future<String> bad = service.call("q");
      time.advanceMillis(11);
      sent.get(first).fail("one");
      sent.get(1 - first).fail("two");
      assertEquals("two", bad.failure().getMessage());
    }
  }

  @Test
  void failureBeforeTheSecondRequest_isTheOutcome() {
    learn();
    Future<String> response = service.call("q");
    sent.get(0).fail("x");

    assertEquals("x", response.failure().getMessage());
    time.advance(Duration.ofSeconds(1));
    assertEquals(1, sent.size());
  }

  @Test
  void discard_reachesBoth() {
    learn();
    Future<String> response = service.call("q");
    time.advanceMillis(11);
    response.discard();
    for (Promise<String> one : sent) {
      assertTrue(one.future().hasDiscard());
      one.discard();
    }

    assertTrue(response.isDiscarded());
  }

  @Test
  void discard_beforeTheSecondRequestPreventsIt() {
    learn();
    Future<String> response = service.call("q");
    response.discard();
    time.advance(Duration.ofSeconds(1));
    assertEquals(1, sent.size());
    sent.get(0).discard();

    assertTrue(response.isDiscarded());
  }

  @Test
  void budgetOfTheClient_holds() {
    learn();
    while (shared.tryWithdraw()) {}
    Future<String> response = service.call("q");
    time.advanceMillis(11);
    assertEquals(1, sent.size());
    sent.get(0).set("r");

    assertEquals("r", response.get());
  }

  /** If everything has become slow, a tenth is sent a second time and no more. */
  @Test
  void extraLoad_isBounded() {
    learn();
    time.advance(Duration.ofSeconds(60));
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(service.call("q"));
      time.advanceMillis(5);
    }
    time.advanceMillis(20);

    assertTrue(sent.size() <= 330, "" + sent.size());
    assertTrue(sent.size() > 310, "" + sent.size());
    sent.forEach(one -> one.set("r"));
    assertTrue(all.stream().allMatch(Future::isReady));
  }

  @Test
  void load_isChecked() {
    for (double load : new double[] {0, 1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new BackupRequests<String, String>(
                  load, shared, ResponseClassifier.standard(), time.clock(), r -> {}));
    }
  }
}
