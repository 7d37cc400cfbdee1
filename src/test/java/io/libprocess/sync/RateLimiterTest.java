package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.time.Clock;
import io.libprocess.time.ClockDriver;
import io.libprocess.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

  private static final Duration NANO = Duration.ofNanos(1);
  private static final Duration INTERVAL = Duration.ofNanos(2_500_000);

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final RateLimiter limiter = new RateLimiter(2, Duration.ofMillis(5), 1, clock);

  @AfterEach
  void closeClock() {
    clock.close();
  }

  private void advance(Duration duration) {
    clock.advance(duration);
    clock.settle();
  }

  @Test
  void acquire() {
    Future<Void> first = limiter.acquire();
    Future<Void> second = limiter.acquire();
    Future<Void> third = limiter.acquire();
    assertTrue(first.isReady());

    advance(INTERVAL.minus(NANO));
    assertTrue(second.isPending());
    advance(NANO);
    assertTrue(second.isReady());
    assertTrue(third.isPending());
    advance(INTERVAL.minus(NANO));
    assertTrue(third.isPending());
    advance(NANO);
    assertTrue(third.isReady());
  }

  @Test
  void tryAcquire_takesWhatIsThere_andNotBeforeOthers() {
    assertTrue(limiter.tryAcquire());
    assertFalse(limiter.tryAcquire());
    assertEquals(INTERVAL, limiter.untilNext());
    advance(INTERVAL.minus(NANO));
    assertFalse(limiter.tryAcquire());
    assertEquals(NANO, limiter.untilNext());
    advance(NANO);
    assertEquals(Duration.ZERO, limiter.untilNext());
    assertTrue(limiter.tryAcquire());
    Future<Void> waiting = limiter.acquire();
    assertFalse(limiter.tryAcquire());
    advance(INTERVAL);
    assertTrue(waiting.isReady());
    assertFalse(limiter.tryAcquire());
    advance(INTERVAL);
    limiter.close();
    assertFalse(limiter.tryAcquire());
  }

  @Test
  void discardMiddle() {
    limiter.acquire();
    Future<Void> second = limiter.acquire();
    Future<Void> third = limiter.acquire();
    Future<Void> fourth = limiter.acquire();
    second.discard();
    assertTrue(second.isDiscarded());

    advance(INTERVAL);
    assertTrue(third.isReady());
    assertTrue(fourth.isPending());
    advance(INTERVAL);
    assertTrue(fourth.isReady());
  }

  @Test
  void discardLast() {
    limiter.acquire();
    Future<Void> second = limiter.acquire();
    second.discard();
    assertTrue(second.isDiscarded());

    Future<Void> third = limiter.acquire();
    assertTrue(third.isPending());
    advance(INTERVAL);
    assertTrue(third.isReady());
  }

  @Test
  void acquire_afterAPauseIsImmediateOnce() {
    limiter.acquire();
    advance(Duration.ofHours(1));

    assertTrue(limiter.acquire().isReady());
    assertTrue(limiter.acquire().isPending());
  }

  @Test
  void acquire_ofAllDiscardedLeavesTheRate() {
    limiter.acquire();
    limiter.acquire().discard();
    advance(INTERVAL);

    assertTrue(limiter.acquire().isReady());
  }

  @Test
  void acquire_afterALateTimerKeepsTheDistance() {
    limiter.acquire();
    Future<Void> second = limiter.acquire();
    Future<Void> third = limiter.acquire();
    advance(INTERVAL.multipliedBy(10));
    assertTrue(second.isReady());
    assertTrue(third.isPending());
    advance(INTERVAL);
    assertTrue(third.isReady());
  }

  @Test
  void burst_isSavedUpWhileNobodyAsks() {
    RateLimiter bursts = new RateLimiter(2, Duration.ofMillis(5), 3, clock);
    for (int i = 0; i < 3; i++) {
      assertTrue(bursts.acquire().isReady());
    }
    Future<Void> fourth = bursts.acquire();
    advance(INTERVAL.minus(NANO));
    assertTrue(fourth.isPending());
    advance(NANO);
    assertTrue(fourth.isReady());

    advance(INTERVAL.multipliedBy(2));
    assertTrue(bursts.acquire().isReady());
    assertTrue(bursts.acquire().isReady());
    assertTrue(bursts.acquire().isPending());
  }

  @Test
  void burst_neverExceedsItsSize() {
    RateLimiter bursts = new RateLimiter(2, Duration.ofMillis(5), 3, clock);
    advance(Duration.ofDays(1));
    List<Future<Void>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(bursts.acquire());
    }
    assertEquals(3, all.stream().filter(Future::isReady).count());
    advance(INTERVAL.multipliedBy(2));
    assertEquals(5, all.stream().filter(Future::isReady).count());
  }

  @Test
  void rate_isGivenPerSecondToo() {
    RateLimiter perSecond = new RateLimiter(1e9);
    assertTrue(perSecond.acquire().isReady());
    assertTrue(perSecond.acquire().await(Duration.ofSeconds(10)));
  }

  @Test
  void close_discardsThoseWhoWait() {
    limiter.acquire();
    Future<Void> second = limiter.acquire();
    limiter.close();
    limiter.close();

    assertTrue(second.isDiscarded());
    assertTrue(limiter.acquire().isDiscarded());
    advance(INTERVAL);
  }

  @Test
  void callbacks_mayUseTheLimiter() {
    List<Future<Void>> inner = new ArrayList<>();
    limiter.acquire();
    limiter.acquire().onReady(granted -> inner.add(limiter.acquire()));
    advance(INTERVAL);
    assertTrue(inner.get(0).isPending());
    advance(INTERVAL);
    assertTrue(inner.get(0).isReady());
  }

  @Test
  void discard_callbackMayUseTheLimiter() {
    limiter.acquire();
    Future<Void> second = limiter.acquire();
    List<Future<Void>> inner = new ArrayList<>();
    second.onDiscarded(() -> inner.add(limiter.acquire()));
    second.discard();
    advance(INTERVAL);
    assertTrue(inner.get(0).isReady());
  }

  @Test
  void misuse_isNamed() {
    Duration second = Duration.ofSeconds(1);
    assertEquals(
        "permits < 1: 0",
        assertThrows(IllegalArgumentException.class, () -> new RateLimiter(0, second))
            .getMessage());
    assertEquals(
        "duration not positive: PT0S",
        assertThrows(IllegalArgumentException.class, () -> new RateLimiter(1, Duration.ZERO))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new RateLimiter(1, Duration.ofSeconds(-1)));
    assertEquals(
        "burst < 1: 0",
        assertThrows(IllegalArgumentException.class, () -> new RateLimiter(1, second, 0))
            .getMessage());
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "not positive and finite: " + rate,
          assertThrows(IllegalArgumentException.class, () -> new RateLimiter(rate)).getMessage());
    }
  }

  @Test
  void rate_extremelySlowDoesNotOverflow() {
    RateLimiter slow = new RateLimiter(1, Duration.ofDays(100_000), 1_000_000, clock);
    assertTrue(slow.acquire().isReady());
    RateLimiter never = new RateLimiter(Double.MIN_VALUE);
    assertTrue(never.acquire().isReady());
    assertFalse(never.acquire().isReady());
  }

  @Test
  void grant_thatMeetsADiscardIsGivenToTheNext() {
    limiter.acquire();
    Future<Void> first = limiter.acquire();
    Future<Void> second = limiter.acquire();
    Future<Void> third = limiter.acquire();
    first.onDiscard(() -> advance(INTERVAL)); // The second is flagged, but has not left the line.
    Futures.collect(List.of(first, second)).discard();
    assertTrue(first.isDiscarded());
    assertTrue(second.isDiscarded());
    assertTrue(third.isReady());
  }

  /** Runs a test with a limiter of one grant a second, whose clock is as late as the test wants. */
  private static void withLateClock(LateTest test) {
    AtomicLong time = new AtomicLong();
    TimeSource source =
        new TimeSource() {
          @Override
          public long nanoTime() {
            return time.get();
          }

          @Override
          public Instant wallTime() {
            return Instant.EPOCH;
          }
        };
    try (ClockDriver driver = new ClockDriver(source, () -> {})) {
      test.run(
          new RateLimiter(1, Duration.ofSeconds(1), 1, driver.clock()),
          () -> time.addAndGet(Duration.ofSeconds(1).toNanos()), // The timer is due, and not run.
          driver);
    }
  }

  private interface LateTest {
    void run(RateLimiter limiter, Runnable passSecond, ClockDriver driver);
  }

  @Test
  void acquire_neverOvertakesWhoWaits() {
    withLateClock(
        (spacer, passSecond, driver) -> {
          assertTrue(spacer.acquire().isReady());
          Future<Void> waiting = spacer.acquire();
          passSecond.run();
          Future<Void> later = spacer.acquire();
          assertTrue(later.isPending());
          assertFalse(spacer.tryAcquire());
          assertTrue(driver.runNext());
          assertTrue(waiting.isReady());
          assertTrue(later.isPending());
        });
  }

  @Test
  void acquire_thatIsWithdrawnIsInNobodysWay() {
    withLateClock(
        (spacer, passSecond, driver) -> {
          assertTrue(spacer.acquire().isReady());
          Future<Void> waiting = spacer.acquire();
          waiting.discard();
          assertTrue(waiting.isDiscarded());
          passSecond.run();
          assertTrue(spacer.tryAcquire());
        });
  }
}
