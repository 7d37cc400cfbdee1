package io.libprocess.service.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.StackReserve;
import io.libprocess.runtime.SharedRandom;
import io.libprocess.service.Timeline;
import io.libprocess.support.SmallStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SupportTest {

  private static final Duration TEN = Duration.ofSeconds(10);

  private final Timeline time = new Timeline();
  private final List<String> dropped = new ArrayList<>();

  /* ------ Sums and averages ------ */

  @Test
  void windowedSum_forgetsWithTime() {
    WindowedSum sum = new WindowedSum(TEN, time.clock());
    sum.add(5);
    time.advance(Duration.ofSeconds(4));
    sum.add(3);
    assertEquals(8, sum.sum());
    time.advance(Duration.ofSeconds(6));
    assertEquals(8, sum.sum());
    time.advance(Duration.ofSeconds(1));
    assertEquals(3, sum.sum());
    time.advance(Duration.ofSeconds(4));
    assertEquals(0, sum.sum());
    sum.add(1);
    time.advance(Duration.ofDays(1000));
    assertEquals(0, sum.sum());
    sum.add(2);
    sum.clear();
    assertEquals(0, sum.sum());
  }

  @Test
  void windowedSum_subtractsDownToAFloor() {
    WindowedSum sum = new WindowedSum(TEN, time.clock());
    sum.add(5);

    assertTrue(sum.trySubtract(5, 0));
    assertFalse(sum.trySubtract(1, 0));
    assertTrue(sum.trySubtract(2, -2));
    assertEquals(-2, sum.sum());
  }

  @Test
  void ema_weighsByTime() {
    Ema ema = new Ema(TEN.toNanos());
    assertEquals(7, ema.orElse(7));
    assertEquals(1, ema.add(0, 1));
    assertEquals(1, ema.add(0, 0)); // No time has passed.
    assertEquals(1 / Math.E, ema.add(TEN.toNanos(), 0), 1e-9);
    ema.clear();
    assertEquals(0.5, ema.add(0, 0.5));
  }

  /* ------ Random numbers ------ */

  @Test
  void sharedRandom_isDecidedByItsSeed() {
    SharedRandom one = new SharedRandom(5);
    SharedRandom two = new SharedRandom(5);
    int[] counts = new int[10];
    for (int i = 0; i < 10_000; i++) {
      long number = one.nextLong();
      assertEquals(number, two.nextLong());
      counts[one.nextInt(10)]++;
      two.nextInt(10);
    }
    for (int count : counts) {
      assertTrue(Math.abs(count - 1000) < 150, "" + count);
    }
    assertNotEquals(new SharedRandom(5).nextLong(), new SharedRandom(6).nextLong());
    assertNotEquals(SharedRandom.unseeded().nextLong(), SharedRandom.unseeded().nextLong());
  }

  /* ------ Endings ------ */

  @Test
  void ending_runsOnceHoweverTheFutureEnds() {
    AtomicInteger runs = new AtomicInteger();
    for (Future<String> over :
        List.<Future<String>>of(
            Future.of("r"), Future.failed("x"), Future.discarded(), Future.abandoned())) {
      Ending.of(over, done -> runs.incrementAndGet());
      Ending.chained(over, done -> runs.incrementAndGet());
    }
    assertEquals(8, runs.get());
    Promise<String> promise = new Promise<>();
    Ending.of(promise.future(), done -> runs.incrementAndGet());
    promise.abandon();
    promise.set("late");

    assertEquals(9, runs.get());
  }

  @Test
  void ending_thatThrowsHarmsNobody() {
    Ending.of(
        Future.of("r"),
        done -> {
          throw new Exception("broken");
        });
  }

  /** Whoever made sure of some stack before loses no action, however deep the call is. */
  @Test
  void ending_losesNoActionWhereTheStackEnds() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger runs = new AtomicInteger();
    Promise<String> promise = new Promise<>();
    SmallStack.run(() -> recurse(promise.future(), begun, runs));
    promise.set("r");

    assertTrue(begun.get() > 100);
    assertEquals(begun.get(), runs.get());
  }

  private static void recurse(Future<String> future, AtomicInteger begun, AtomicInteger runs) {
    try {
      StackReserve.checkForOperation();
    } catch (StackOverflowError end) {
      return;
    }
    begun.incrementAndGet();
    Ending.of(future, done -> runs.incrementAndGet());
    recurse(future, begun, runs);
  }

  /* ------ Steps ------ */

  @Test
  void steps_passADiscardOnToTheStepUnderWay() {
    Steps<String> steps = new Steps<>(dropped::add);
    Promise<String> first = new Promise<>();
    Promise<String> second = new Promise<>();
    steps.enter(first.future(), done -> steps.enter(second.future(), steps::end));
    first.set("1");
    steps.future().discard();
    assertFalse(first.future().hasDiscard());
    assertTrue(second.future().hasDiscard());
    assertTrue(steps.isDiscardRequested());
    second.set("2");

    assertTrue(steps.future().isDiscarded());
    assertEquals(List.of("2"), dropped);
  }

  @Test
  void steps_thatBeginAfterADiscardHearOfIt() {
    Steps<String> steps = new Steps<>(dropped::add);
    steps.future().discard();
    Promise<String> late = new Promise<>();
    steps.enter(late.future(), steps::end);

    assertTrue(late.future().hasDiscard());
  }

  @Test
  void steps_failWithWhatFollowsThem() {
    Steps<String> steps = new Steps<>(dropped::add);
    steps.enter(
        Future.of("r"),
        done -> {
          throw new Exception("broken");
        });

    assertEquals("broken", steps.future().failure().getMessage());
  }

  @Test
  void delay_isEndedByADiscard() {
    Future<Void> whole = Steps.delay(time.clock(), TEN);
    Future<Void> cut = Steps.delay(time.clock(), TEN);
    cut.discard();
    assertTrue(cut.isDiscarded());
    assertEquals(1, time.timers());
    time.advance(TEN);
    assertTrue(whole.isReady());
  }

  /* ------ Handing over ------ */

  @Test
  void handover_losesNoValue() {
    Promise<String> source = new Promise<>();
    Future<String> result = Handover.map(source.future(), value -> value + "!", dropped::add);
    result.discard();
    assertTrue(source.future().hasDiscard());
    source.set("r");
    assertTrue(result.isDiscarded());
    assertEquals(List.of("r!"), dropped);

    assertEquals("r!", Handover.map(Future.of("r"), v -> v + "!", dropped::add).get());
    Future<String> broken =
        Handover.map(
            Future.of("r"),
            v -> {
              throw new Exception("x");
            },
            dropped::add);
    assertTrue(broken.isFailed());
    assertTrue(Handover.map(Future.<String>abandoned(), v -> v, dropped::add).isAbandoned());
    assertTrue(Handover.map(Future.<String>discarded(), v -> v, dropped::add).isDiscarded());
  }

  /** A value that comes at the moment of the discard is handed out or dropped, and once. */
  @Test
  @Timeout(300)
  void handover_racesWithADiscard() throws Exception {
    int rounds = Integer.getInteger("libprocess.test.rounds", 100);
    for (int i = 0; i < rounds; i++) {
      AtomicInteger lost = new AtomicInteger();
      Promise<String> source = new Promise<>();
      Future<String> result =
          Handover.map(
              Handover.map(source.future(), v -> v, v -> lost.incrementAndGet()),
              v -> v,
              v -> lost.incrementAndGet());
      CyclicBarrier both = new CyclicBarrier(2);
      Thread other =
          new Thread(
              () -> {
                await(both);
                result.discard();
              });
      other.start();
      await(both);
      boolean taken = source.setUnlessDiscardRequested("r");
      other.join();
      assertEquals(taken ? 1 : 0, (result.isReady() ? 1 : 0) + lost.get());
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /* ------ Expiry ------ */

  @Test
  void expiry_ofAClosedClockGivesUp() {
    time.clock().close();
    Promise<String> inner = new Promise<>();

    assertThrows(
        IllegalStateException.class,
        () -> Expiry.of(inner.future(), TEN, time.clock(), () -> new Exception("x"), v -> {}));
    assertTrue(inner.future().hasDiscard());
  }
}
