package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.time.Clock;
import io.libprocess.time.ClockDriver;
import io.libprocess.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that wait: {@link Future#await} and {@link Future#get}. */
@Timeout(30)
class AwaitTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Promise<String> promise = new Promise<>();
  private final Future<String> future = promise.future();

  private static Thread startWaiting(Runnable code) {
    Thread thread = new Thread(code, "waiting");
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void await_ofACompletedFutureIsTrueWithoutWaiting() {
    promise.fail("oops");

    assertTrue(future.await(Duration.ZERO));
    assertTrue(future.await(Duration.ofSeconds(-2)));
    assertTrue(future.await(LIMIT));
    future.await();
  }

  @Test
  void await_withNoTimeLeftIsFalseAtOnce() {
    assertFalse(future.await(Duration.ZERO));
    assertFalse(future.await(Duration.ofSeconds(-1)));
  }

  @Test
  void await_isFalseWhenTheTimeIsUp() {
    assertFalse(future.await(Duration.ofMillis(1)));
    assertTrue(future.isPending());
  }

  @Test
  void await_returnsWhenAnotherThreadCompletes() throws Exception {
    Thread thread = startWaiting(future::await);

    promise.discard();

    thread.join(LIMIT.toMillis());
    assertFalse(thread.isAlive());
  }

  @Test
  void get_returnsTheValueThatAnotherThreadSets() throws Exception {
    FutureTask<String> task = new FutureTask<>(future::get);
    startWaiting(task);

    promise.set("value");

    assertEquals("value", task.get());
  }

  @Test
  void await_withAPausedClockNeverTimesOutUnlessItIsAdvanced() throws Exception {
    try (PausedClock clock = new PausedClock()) {
      CountDownLatch before = new CountDownLatch(1);
      FutureTask<Boolean> task =
          clock.start(
              () -> {
                before.countDown();
                return future.await(Duration.ofSeconds(5));
              });
      before.await();
      assertFalse(task.isDone());

      while (!task.isDone()) {
        clock.advance(Duration.ofSeconds(5)); // It may not have begun to wait.
      }

      assertFalse(task.get());
    }
  }

  @Test
  void await_leavesTheThreadAsItWas() throws Exception {
    boolean[] interrupted = {true};
    Thread thread =
        startWaiting(
            () -> {
              future.await();
              interrupted[0] = Thread.currentThread().isInterrupted();
            });

    promise.set("value");

    thread.join(LIMIT.toMillis());
    assertFalse(interrupted[0]);
  }

  @Test
  void await_thatEndsInTimeLeavesNoTimer() throws Exception {
    try (ClockDriver driver = new ClockDriver(TimeSource.system(), () -> {})) {
      boolean[] timers = new boolean[2];
      Thread thread =
          startWaiting(
              () -> {
                ThreadContext.bindClock(driver.clock());
                promise.future().onDiscard(() -> timers[0] = driver.nanosToNext().isPresent());
                future.await(Duration.ofHours(1));
                timers[1] = driver.nanosToNext().isPresent();
              });

      future.discard();
      promise.set("value");

      thread.join(LIMIT.toMillis());
      assertTrue(timers[0]);
      assertFalse(timers[1]);
    }
  }

  @Test
  void await_isKeptUpThroughAnInterruptWhichTheCallerFindsAfterwards() throws Exception {
    boolean[] interrupted = new boolean[1];
    Thread thread =
        startWaiting(
            () -> {
              future.await();
              interrupted[0] = Thread.currentThread().isInterrupted();
            });

    thread.interrupt();
    promise.set("value");

    thread.join(LIMIT.toMillis());
    assertTrue(interrupted[0]);
  }

  @Test
  void await_isNotEndedByAbandonment() throws Exception {
    Thread thread = startWaiting(future::await);

    promise.abandon();
    assertTrue(thread.isAlive());
    promise.set("value");

    thread.join(LIMIT.toMillis());
    assertFalse(thread.isAlive());
  }

  @Test
  void await_inACallbackAfterTheTransitionReturnsAtOnce() {
    boolean[] ready = new boolean[1];
    future.onReady(value -> ready[0] = future.await(LIMIT) && future.get().equals(value));
    future.onAny(self -> {});

    promise.set("value");

    assertTrue(ready[0]);
  }

  @Test
  void await_deepInARecursionRunsTheStepsThatItWaitsFor() {
    assertEquals(200, nest(0, 200));
  }

  /** Each level waits for the next one, though from some level on those are put off. */
  private static int nest(int level, int levels) {
    return level == levels
        ? level
        : Future.done().then(none -> Future.of(nest(level + 1, levels))).get();
  }

  @Test
  void await_withAnEndlessLimit() throws Exception {
    FutureTask<Boolean> task =
        new FutureTask<>(() -> future.await(Duration.ofSeconds(Long.MAX_VALUE)));
    startWaiting(task);

    promise.set("value");

    assertTrue(task.get());
  }

  @Test
  void await_inATimersCallbackReturnsAndTimersGoOn() throws Exception {
    CountDownLatch returned = new CountDownLatch(1);
    Clock.system()
        .timer(
            Duration.ZERO,
            () -> {
              assertFalse(future.await(Duration.ofMillis(5)));
              returned.countDown();
              future.await();
            });
    returned.await();
    Futures.after(Duration.ofMillis(1)).await();
    promise.set("released");
  }
}
