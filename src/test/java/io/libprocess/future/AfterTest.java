package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.time.ClockDriver;
import io.libprocess.time.TimeSource;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Future#after} and {@link Futures#after}. */
@Timeout(30)
class AfterTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration ALMOST = LIMIT.minusMillis(1);
  private static final Duration REST = Duration.ofMillis(1);

  private final PausedClock clock = new PausedClock();
  private final Promise<String> promise = new Promise<>();
  private final Promise<String> other = new Promise<>();
  private final List<Future<String>> calls = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeClock() {
    clock.close();
  }

  private Future<String> after(
      Future<String> source, CheckedFunction<Future<String>, Future<String>> function)
      throws Exception {
    return clock.call(
        () ->
            source.after(
                LIMIT,
                expired -> {
                  calls.add(expired);
                  return function.apply(expired);
                }));
  }

  @Test
  void after1_isPendingUntilTheWholeDurationHasPassedAlsoAfterARequest() throws Exception {
    List<Boolean> flagged = new ArrayList<>();
    Future<String> source = Future.abandoned();
    Future<String> result =
        after(
            source,
            expired -> {
              flagged.add(expired.hasDiscard());
              return Future.failed("Failed");
            });
    assertTrue(result.isPending());

    clock.advance(ALMOST);
    assertTrue(result.isPending());
    assertTrue(result.discard());
    assertTrue(result.isPending());
    clock.advance(REST);

    assertEquals("Failed", result.failure().getMessage());
    assertEquals(List.of(true), flagged);
    assertEquals(List.of(source), calls);
  }

  @Test
  void after2_completingTheSourceFirstCompletesTheResultAndNeverCallsTheFunction()
      throws Exception {
    Future<String> result = after(promise.future(), expired -> Future.failed("Failed"));
    clock.advance(ALMOST);
    result.discard();
    assertTrue(promise.future().hasDiscard());

    promise.set("value");

    assertEquals("value", result.get());
    clock.advance(LIMIT);
    assertEquals(List.of(), calls);
  }

  @Test
  void after3_expiryDiscardsTheSourceOnlyIfTheFunctionDoesAndNotTheResult() throws Exception {
    Future<String> result =
        after(
            promise.future(),
            expired -> {
              expired.discard();
              return other.future();
            });

    clock.advance(LIMIT);

    assertTrue(promise.future().hasDiscard());
    assertFalse(result.hasDiscard());
    assertFalse(other.future().hasDiscard());
  }

  @Test
  void after3_inTheMiddleOfAChainAsksTheSourceAfterExpiryToo() throws Exception {
    Promise<String> first = new Promise<>();
    Future<String> late = after(promise.future(), expired -> other.future());
    Future<String> result = first.future().then(value -> late);
    first.set("go");
    clock.advance(LIMIT);

    result.discard();

    assertTrue(other.future().hasDiscard());
    assertTrue(promise.future().hasDiscard());
  }

  @Test
  void after3_afterExpiryNothingKeepsTheSource() throws Exception {
    List<Future<String>> result = new ArrayList<>();
    WeakReference<Object> source = expire(result);

    Reachability.assertCleared(source);
    assertTrue(result.get(0).isPending());
  }

  private WeakReference<Object> expire(List<Future<String>> result) throws Exception {
    Future<String> source = new Promise<String>().future();
    result.add(clock.call(() -> source.after(LIMIT, expired -> other.future())));
    clock.advance(LIMIT);
    return new WeakReference<>(source);
  }

  @Test
  void after_ofACompletedSourceIsCompletedAtOnceWithoutItsFlag() throws Exception {
    promise.future().discard();
    promise.set("value");

    Future<String> result = after(promise.future(), expired -> other.future());

    assertEquals("Ready", result.toString());
    clock.advance(LIMIT);
    assertEquals(List.of(), calls);
  }

  @Test
  void after_ignoresASourceThatCompletesAfterExpiry() throws Exception {
    Future<String> result = after(promise.future(), expired -> other.future());
    clock.advance(LIMIT);

    promise.set("late");
    assertTrue(result.isPending());
    other.set("value");

    assertEquals("value", result.get());
  }

  @Test
  void after_aRequestAfterExpiryGoesToTheSourceAndToTheNewFuture() throws Exception {
    Future<String> result = after(promise.future(), expired -> other.future());
    clock.advance(LIMIT);

    result.discard();

    assertTrue(promise.future().hasDiscard());
    assertTrue(other.future().hasDiscard());
  }

  @Test
  void after_aRequestAfterExpiryGoesToBothAlsoThroughAChainThatOnlyPassesItOn() throws Exception {
    Future<String> expired = after(promise.future(), self -> other.future());
    clock.advance(LIMIT);
    Promise<String> step = new Promise<>();
    Future<String> result = step.future().then(value -> expired);
    step.set("x");

    result.discard();

    assertTrue(promise.future().hasDiscard());
    assertTrue(other.future().hasDiscard());
    assertTrue(expired.hasDiscard());
  }

  @Test
  void after_anOlderRequestGoesToTheNewFutureAtOnce() throws Exception {
    Future<String> result = after(promise.future(), expired -> other.future());
    result.discard();

    clock.advance(LIMIT);

    assertTrue(other.future().hasDiscard());
    assertEquals(1, calls.size());
  }

  @Test
  void after_anAbandonedSourceLeavesTheTimerArmed() throws Exception {
    Future<String> result = after(promise.future(), expired -> Future.of("rescued"));
    promise.abandon();
    assertTrue(result.isAbandoned());

    clock.advance(LIMIT);

    assertEquals("rescued", result.get());
  }

  @Test
  void after_aSourceAbandonedAfterExpiryDoesNotAbandonTheResult() throws Exception {
    Future<String> result = after(promise.future(), expired -> other.future());
    clock.advance(LIMIT);

    promise.abandon();

    assertFalse(result.isAbandoned());
    other.abandon();
    assertTrue(result.isAbandoned());
  }

  @Test
  void after_aFunctionThatThrowsFailsTheResult() throws Exception {
    IOException thrown = new IOException("thrown");
    Future<String> result =
        after(
            promise.future(),
            expired -> {
              throw thrown;
            });

    clock.advance(LIMIT);

    assertSame(thrown, result.failure());
  }

  @Test
  void after_carriesFailureAndDiscardOver() throws Exception {
    Future<String> failed = after(promise.future(), expired -> Future.of("x"));
    Future<String> discarded = after(other.future(), expired -> Future.of("x"));

    promise.fail("oops");
    other.discard();

    assertEquals("Failed: oops", failed.toString());
    assertEquals("Discarded", discarded.toString());
  }

  @Test
  void after_letsGoOfTheFunctionWhenTheSourceCompletes() throws Exception {
    List<Future<String>> result = new ArrayList<>();
    WeakReference<Object> captured = captured(result);
    promise.set("value");

    Reachability.assertCleared(captured);
    assertTrue(result.get(0).isReady());
  }

  private WeakReference<Object> captured(List<Future<String>> result) throws Exception {
    Object resource = new Object();
    result.add(
        clock.call(() -> promise.future().after(LIMIT, expired -> Future.of(resource.toString()))));
    return new WeakReference<>(resource);
  }

  @Test
  void after_pollingRecursionKeepsNoMoreThanTheLastRound() throws Exception {
    List<WeakReference<Object>> rounds = new ArrayList<>();
    Future<String> result = clock.call(() -> poll(1000, rounds));

    for (int i = 0; i < 1000; i++) {
      clock.advance(LIMIT);
    }

    assertEquals("value", result.get());
    for (int i = 0; i < 900; i += 100) {
      Reachability.assertCleared(rounds.get(i));
    }
  }

  private Future<String> poll(int left, List<WeakReference<Object>> rounds) {
    if (left == 0) {
      return Future.of("value");
    }
    Promise<String> attempt = new Promise<>();
    rounds.add(new WeakReference<>(attempt.future()));
    attempt.future().onDiscard(attempt::discard);
    return attempt
        .future()
        .after(
            LIMIT,
            expired -> {
              expired.discard();
              return poll(left - 1, rounds);
            });
  }

  /* ------ The free function ------ */

  @Test
  void free_completesWithTheRealClock() {
    Future<Void> future = Futures.after(Duration.ofMillis(1));

    future.await();

    assertTrue(future.isReady());
  }

  @Test
  void free_onAPausedClockCompletesOnlyAfterAdvancing() throws Exception {
    Future<Void> future = clock.call(() -> Futures.after(LIMIT));

    clock.advance(ALMOST);
    assertTrue(future.isPending());
    clock.advance(REST);

    assertTrue(future.isReady());
  }

  @Test
  void free_aRequestOnAPendingOneDiscardsItPromptly() throws Exception {
    Future<Void> future = clock.call(() -> Futures.after(LIMIT));

    future.discard();

    assertTrue(future.isDiscarded());
    clock.advance(LIMIT);
    assertTrue(future.isDiscarded());
  }

  @Test
  void free_inALoopWithoutExecutorARequestCancelsItAndDiscardsTheLoop() throws Exception {
    Future<Void> loop =
        clock.call(
            () ->
                Futures.loop(() -> Futures.after(LIMIT), none -> Future.of(ControlFlow.proceed())));
    clock.advance(LIMIT);
    assertTrue(loop.isPending());

    loop.discard();

    assertTrue(loop.isDiscarded());
  }

  @Test
  void free_inALoopABodyThatAnswersARequestByBreakingMakesItReady() throws Exception {
    Promise<ControlFlow<String>> body = new Promise<>();
    body.future().onDiscard(() -> body.set(ControlFlow.breakWith("stopped")));
    Future<String> loop =
        clock.call(() -> Futures.loop(() -> Futures.after(LIMIT), none -> body.future()));
    clock.advance(LIMIT);

    loop.discard();

    assertEquals("stopped", loop.get());
    assertTrue(loop.hasDiscard());
  }

  @Test
  void after_completedInTimeLeavesNoTimer() {
    withRealClock(
        driver -> {
          Promise<String> source = new Promise<>();
          Future<String> result = source.future().after(Duration.ofHours(1), late -> late);
          assertTrue(driver.nanosToNext().isPresent());
          source.set("in time");
          assertEquals("in time", result.get());
          assertTrue(driver.nanosToNext().isEmpty());
          assertFalse(new Promise<>().future().await(Duration.ZERO));
          assertTrue(driver.nanosToNext().isEmpty());
        });
  }

  @Test
  void free_aRequestLeavesNoTimer() {
    withRealClock(
        driver -> {
          Future<Void> future = Futures.after(Duration.ofHours(1));
          assertTrue(driver.nanosToNext().isPresent());
          future.discard();
          assertTrue(future.isDiscarded());
          assertTrue(driver.nanosToNext().isEmpty());
        });
  }

  /** Runs a test with a clock of its own, which tells whether there is a timer. */
  private static void withRealClock(Consumer<ClockDriver> test) {
    try (ClockDriver driver = new ClockDriver(TimeSource.system(), () -> {})) {
      Object before = ThreadContext.clock();
      ThreadContext.bindClock(driver.clock());
      try {
        test.accept(driver);
      } finally {
        ThreadContext.bindClock(before);
      }
    }
  }
}
