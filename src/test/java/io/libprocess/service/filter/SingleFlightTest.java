package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.Service;
import io.libprocess.support.SmallStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SingleFlightTest {

  private final List<Promise<String>> sent = new ArrayList<>();
  private final SingleFlight<String, String> filter = new SingleFlight<>(String::toLowerCase);
  private final Service<String, String> service =
      filter.andThen(
          request -> {
            Promise<String> promise = new Promise<>();
            sent.add(promise);
            return promise.future();
          });

  @Test
  void equalRequests_areSentOnce() {
    Future<String> one = service.call("a");
    Future<String> two = service.call("A");
    Future<String> other = service.call("b");
    assertEquals(2, sent.size());
    assertEquals(2, filter.underWay());
    sent.get(0).set("r");

    assertEquals("r", one.get());
    assertEquals("r", two.get());
    assertTrue(other.isPending());
    assertEquals(1, filter.underWay());
    service.call("a");
    assertEquals(3, sent.size());
  }

  @Test
  void discard_endsTheFutureOfItsCallerAlone() {
    Future<String> one = service.call("a");
    Future<String> two = service.call("a");
    one.discard();
    assertTrue(one.isDiscarded());
    assertFalse(sent.get(0).future().hasDiscard());
    sent.get(0).set("r");

    assertEquals("r", two.get());
  }

  @Test
  void discardsOfAllCallers_discardTheRequest() {
    Future<String> one = service.call("a");
    service.call("a").discard();
    one.discard();
    one.discard();
    assertTrue(sent.get(0).future().hasDiscard());
    assertEquals(0, filter.underWay());

    service.call("a");
    assertEquals(2, sent.size());
    sent.get(0).set("late");
    assertEquals(1, filter.underWay());
  }

  @Test
  void anyEnd_isThatOfAllCallers() {
    List<Future<String>> failed = List.of(service.call("a"), service.call("a"));
    sent.get(0).fail("x");
    failed.forEach(one -> assertEquals("x", one.failure().getMessage()));
    List<Future<String>> discarded = List.of(service.call("a"), service.call("a"));
    sent.get(1).discard();
    discarded.forEach(one -> assertTrue(one.isDiscarded()));
    List<Future<String>> abandoned = List.of(service.call("a"), service.call("a"));
    sent.get(2).abandon();
    abandoned.forEach(one -> assertTrue(one.isAbandoned()));

    assertEquals(0, filter.underWay());
  }

  @Test
  void serviceThatAnswersAtOnceOrThrows_leavesNothingUnderWay() {
    assertEquals("r", filter.andThen(request -> Future.of("r")).call("a").get());
    Service<String, String> broken =
        request -> {
          throw new Exception("broken");
        };
    assertTrue(filter.andThen(broken).call("a").isFailed());
    assertEquals(0, filter.underWay());
  }

  @Test
  @Timeout(300)
  void manyThreads_shareAndLoseNothing() throws Exception {
    SingleFlight<Integer, Integer> shared = new SingleFlight<>(request -> request);
    AtomicInteger calls = new AtomicInteger();
    Service<Integer, Integer> quick =
        shared.andThen(
            request -> {
              calls.incrementAndGet();
              Promise<Integer> promise = new Promise<>();
              promise.future().onDiscard(promise::discard);
              Thread.yield();
              if (request % 2 == 0) {
                promise.set(request);
              }
              return promise.future();
            });
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 400; i++) {
                  int request = random.nextInt(4);
                  Future<Integer> response = quick.call(request);
                  response.onReady(value -> wrong.addAndGet(value == request ? 0 : 1));
                  response.discard();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(0, wrong.get());
    assertEquals(0, shared.underWay());
    assertTrue(calls.get() <= 1_600);
  }

  /** Recursion that exhausts the stack somewhere within the filter leaves nothing under way. */
  @Test
  void exhaustedStack_leavesNothingUnderWay() {
    SingleFlight<Integer, String> numbers = new SingleFlight<>(request -> request);
    List<Service<Integer, String>> self = new ArrayList<>();
    self.add(numbers.andThen(request -> self.get(0).call(request + 1)));
    SmallStack.run(() -> assertTrue(self.get(0).call(0).isFailed()));

    assertEquals(0, numbers.underWay());
  }
}
