package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.support.Expect;
import io.libprocess.support.SmallStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConcurrencyLimitTest {

  private final List<Promise<String>> served = new ArrayList<>();
  private final ConcurrencyLimit<String, String> limit = new ConcurrencyLimit<>(2, 1);
  private final Service<String, String> service =
      limit.andThen(
          request -> {
            Promise<String> promise = new Promise<>();
            promise.future().onDiscard(promise::discard);
            served.add(promise);
            return promise.future();
          });

  private void assertFree(int available, int waiting) {
    assertEquals(available, limit.available());
    assertEquals(waiting, limit.waiting());
  }

  @Test
  void requests_beyondTheLimitWaitAndBeyondThatAreRefused() {
    Future<String> first = service.call("q");
    service.call("q");
    Future<String> third = service.call("q");
    Future<String> fourth = service.call("q");
    assertFree(0, 1);
    assertEquals(2, served.size());
    assertTrue(FlaggedFailure.has(fourth.failure(), FailureFlag.REJECTED));
    assertTrue(FlaggedFailure.has(fourth.failure(), FailureFlag.RETRYABLE));

    served.get(0).set("r");
    assertEquals("r", first.get());
    assertFree(0, 0);
    assertTrue(third.isPending());
    served.get(2).set("s");
    assertEquals("s", third.get());
    served.get(1).set("t");
    assertFree(2, 0);
  }

  @Test
  void place_isGivenBackHoweverTheResponseEnds() {
    List<Runnable> ends =
        List.of(
            () -> served.get(0).set("r"),
            () -> served.get(0).fail("x"),
            () -> served.get(0).discard(),
            () -> served.get(0).abandon());
    for (Runnable end : ends) {
      served.clear();
      service.call("q");
      assertFree(1, 0);
      end.run();
      assertFree(2, 0);
    }
    served.clear();
    service.call("q").discard();
    assertFree(2, 0);
  }

  @Test
  void place_isGivenBackIfTheServiceThrows() {
    Service<String, String> broken =
        limit.andThen(
            request -> {
              throw new OutOfMemoryError();
            });
    broken.call("q");
    Service<String, String> nothing = limit.andThen(request -> null);
    nothing.call("q");

    assertFree(2, 0);
  }

  @Test
  void waitingRequest_thatIsDiscardedLeavesTheQueue() {
    service.call("q");
    service.call("q");
    Future<String> waiting = service.call("q");
    waiting.discard();

    assertTrue(waiting.isDiscarded());
    assertFree(0, 0);
    Future<String> next = service.call("q");
    served.get(0).set("r");
    served.get(2).set("next");
    assertEquals("next", next.get());
    assertEquals(3, served.size());
  }

  @Test
  void waitingRequest_isDiscardedWhenItIsServed() {
    service.call("q");
    service.call("q");
    Future<String> waiting = service.call("q");
    served.get(0).set("r");
    waiting.discard();

    assertTrue(served.get(2).future().isDiscarded());
    assertTrue(waiting.isDiscarded());
    assertFree(1, 0);
  }

  @Test
  void manyWaiters_ofAServiceThatAnswersAtOnceNeedNoStack() {
    int many = 20_000;
    ConcurrencyLimit<String, String> one = new ConcurrencyLimit<>(1, many);
    Promise<String> first = new Promise<>();
    AtomicInteger calls = new AtomicInteger();
    Service<String, String> quick =
        one.andThen(request -> calls.getAndIncrement() == 0 ? first.future() : Future.of(request));
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i <= many; i++) {
      all.add(quick.call("q"));
    }
    SmallStack.run(() -> first.set("r"));

    assertTrue(all.stream().allMatch(Future::isReady));
    assertEquals(1, one.available());
  }

  /** Recursion that exhausts the stack somewhere within the filter loses no place. */
  @Test
  void exhaustedStack_losesNoPlace() {
    ConcurrencyLimit<String, String> wide = new ConcurrencyLimit<>(SmallStack.MILLION, 0);
    SmallStack.run(
        () -> {
          Recursion recursion = new Recursion(wide);
          recursion.self = wide.andThen(recursion);
          assertTrue(recursion.self.call("q").isFailed());
        });

    Expect.until(() -> wide.available() == SmallStack.MILLION);
  }

  /** Calls itself through the filter, until there is no stack left. */
  private static final class Recursion implements Service<String, String> {
    private final ConcurrencyLimit<String, String> limit;
    private Service<String, String> self;

    Recursion(ConcurrencyLimit<String, String> limit) {
      this.limit = limit;
    }

    @Override
    public Future<String> apply(String request) {
      assertFalse(limit.available() == 0);
      return self.call(request);
    }
  }

  /** Several threads call, discard and answer; in the end nothing is taken. */
  @Test
  @Timeout(300)
  void manyThreads_loseNoPlace() throws Exception {
    ConcurrencyLimit<Integer, Integer> shared = new ConcurrencyLimit<>(3, 5);
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Service<Integer, Integer> inner =
        request -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          Promise<Integer> promise = new Promise<>();
          Thread.yield();
          atOnce.decrementAndGet();
          switch (request % 4) {
            case 0 -> promise.set(request);
            case 1 -> promise.fail("x");
            case 2 -> promise.abandon();
            default -> promise.future().onDiscard(promise::discard);
          }
          return promise.future();
        };
    Service<Integer, Integer> limited = shared.andThen(inner);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 400; i++) {
                  limited.call(random.nextInt(4)).discard();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(3, shared.available());
    assertEquals(0, shared.waiting());
    assertTrue(most.get() <= 3, most.toString());
  }

  @Test
  void numbers_areChecked() {
    assertThrows(IllegalArgumentException.class, () -> new ConcurrencyLimit<>(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new ConcurrencyLimit<>(1, -1));
  }
}
