package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.sync.Stress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pending future keeps nothing of ended futures that were combined with it. */
@Timeout(60)
class LongLivedFutureTest {

  private static final int USES = 10_000;
  private static final int FEW = 200;

  private final Promise<Integer> promise = new Promise<>();
  private final Future<Integer> longLived = promise.future();

  private int stackSize() {
    int size = 0;
    for (Completion c = (Completion) longLived.word(); c != null; c = c.next) {
      size++;
    }
    return size;
  }

  private void use(Consumer<Future<Integer>> once) {
    for (int i = 0; i < USES; i++) {
      once.accept(longLived);
    }
    int size = stackSize();
    assertTrue(size < FEW, () -> size + " elements of " + USES + " are left");
  }

  @Test
  void select_thatAnotherInputDecided() {
    use(
        stop -> {
          Promise<Integer> work = new Promise<>();
          Future<Future<Integer>> first = Futures.select(List.of(work.future(), stop));
          work.set(1);
          assertTrue(first.isReady());
        });
  }

  @Test
  void select_thatWasDiscarded() {
    use(stop -> Futures.select(List.of(stop)).discard());
  }

  @Test
  void await_thatTimedOut() {
    for (int i = 0; i < 300; i++) {
      assertFalse(longLived.await(Duration.ofNanos(1)));
    }
    assertTrue(stackSize() < FEW, () -> stackSize() + " elements are left");
  }

  @Test
  void after_thatExpired() {
    for (int i = 0; i < 300; i++) {
      assertEquals(0, longLived.after(Duration.ZERO, late -> Future.of(0)).get());
    }
    assertTrue(stackSize() < FEW, () -> stackSize() + " elements are left");
  }

  @Test
  void collect_thatFailed() {
    use(
        stop -> {
          Promise<Integer> work = new Promise<>();
          Future<List<Integer>> all = Futures.collect(List.of(work.future(), stop));
          work.fail("a test");
          assertTrue(all.isFailed());
        });
  }

  @Test
  void completableFuture_thatWasCancelledOrCompleted() {
    use(
        stop -> {
          CompletableFuture<Integer> cancelled = stop.toCompletableFuture();
          cancelled.cancel(false);
          stop.toCompletableFuture().complete(3);
        });
  }

  @Test
  void discardable_thatWasDiscarded() {
    use(stop -> stop.discardable().discard());
  }

  @Test
  void whatIsNotOver_isKeptInItsOrder() {
    List<Integer> ran = new ArrayList<>();
    List<Future<Integer>> mapped = new ArrayList<>();
    AtomicInteger early = new AtomicInteger();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      Promise<Integer> work = new Promise<>();
      Futures.select(List.of(work.future(), longLived));
      if (i % 3 == 0) {
        longLived.onAny(done -> ran.add(number));
      }
      if (i % 5 == 0) {
        mapped.add(longLived.map(value -> value + number));
      }
      if (i % 7 == 0) {
        longLived.onReady(value -> early.incrementAndGet());
      }
      if (i % 2 == 0) {
        work.set(0);
      }
    }
    promise.set(10);
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i += 3) {
      expected.add(i);
    }
    assertEquals(expected, ran);
    for (int i = 0; i < mapped.size(); i++) {
      assertEquals(10 + 5 * i, mapped.get(i).get());
    }
    assertEquals(143, early.get());
  }

  @Test
  void whatMayStillTakeItsFunctionOrItsValue_isKept() {
    List<Future<Integer>> waiting = new ArrayList<>();
    List<CompletableFuture<Integer>> outside = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(longLived.recover(failed -> Future.of(-1)));
      waiting.add(longLived.after(Duration.ofDays(1), late -> Future.of(-2)));
      outside.add(longLived.toCompletableFuture());
    }
    List<Future<?>> joined = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      joined.add(Futures.collect(List.of(longLived, Future.of(1))));
      joined.add(Futures.select(List.of(new Promise<Integer>().future(), longLived)));
      joined.add(Futures.loop(() -> longLived, value -> Future.of(ControlFlow.breakWith(value))));
    }
    promise.set(7);
    joined.forEach(future -> assertTrue(future.isReady()));
    waiting.forEach(future -> assertTrue(future.isReady()));
    waiting.forEach(future -> assertEquals(7, future.get()));
    outside.forEach(future -> assertEquals(7, future.getNow(0)));
  }

  @Test
  void flags_surviveTheSweep() {
    longLived.discard();
    use(stop -> stop.discardable().discard());
    assertTrue(longLived.hasDiscard());
    promise.abandon();
    use(stop -> Futures.select(List.of(stop)).discard());
    assertTrue(longLived.isAbandoned());
    assertTrue(longLived.hasDiscard());
    promise.set(1);
    assertTrue(longLived.isReady());
    assertTrue(longLived.hasDiscard());
  }

  @Test
  void sweepingThreads_loseNothing() throws Exception {
    for (int round = 0; round < 200; round++) {
      Promise<Integer> p = new Promise<>();
      Future<Integer> shared = p.future();
      AtomicInteger told = new AtomicInteger();
      int each = 60;
      Stress.inParallel(
          4,
          thread -> {
            for (int i = 0; i < each; i++) {
              Promise<Integer> work = new Promise<>();
              Futures.select(List.of(work.future(), shared));
              work.set(0);
              shared.onAny(done -> told.incrementAndGet());
              if (thread == 0 && i == each / 2) {
                p.set(1);
              }
            }
          });
      assertEquals(4 * each, told.get());
    }
  }
}
