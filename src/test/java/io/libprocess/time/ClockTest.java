package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.scheduler.ThreadContext;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The time of a clock. */
class ClockTest {

  private static final Instant START = Instant.parse("1989-03-02T00:00:00Z");
  private static final Instant MAX = Nanos.instant(Nanos.MAX);

  @Test
  void runningClock_advancesByItself() throws Exception {
    try (Clock clock = Clock.create()) {
      Instant before = clock.now();
      CompletableFuture<Instant> after = new CompletableFuture<>();
      clock.timer(Duration.ofMillis(1), () -> after.complete(clock.now()));
      Instant fired = after.get(10, TimeUnit.SECONDS);
      assertTrue(Duration.between(before, fired).compareTo(Duration.ofMillis(1)) >= 0);
    }
  }

  @Test
  void runningClock_tellsTheWallClock() {
    Instant before = Instant.now();
    try (Clock clock = Clock.create()) {
      Duration off = Duration.between(before, clock.now()).abs();
      assertTrue(off.compareTo(Duration.ofSeconds(10)) < 0, () -> "off by " + off);
    }
  }

  @Test
  void runningClock_neverGoesBack() {
    try (Clock clock = Clock.create()) {
      long last = clock.nanos();
      for (int i = 0; i < 100_000; i++) {
        long now = clock.nanos();
        assertTrue(now >= last);
        last = now;
        if (i % 1000 == 0) {
          clock.pause();
          clock.advance(Duration.ofNanos(i));
        } else if (i % 1000 == 500) {
          clock.resume();
        }
      }
    }
  }

  @Test
  void pausedClock_startsAtTheGivenTime() {
    try (Clock clock = Clock.paused(START)) {
      assertTrue(clock.isPaused());
      assertEquals(START, clock.now());
      assertEquals(START, clock.now());
    }
  }

  @Test
  void pausedClock_startMayBeBefore1970() {
    Instant start = Instant.parse("1850-01-01T00:00:00.000000001Z");
    try (Clock clock = Clock.paused(start)) {
      assertEquals(start, clock.now());
      clock.advance(Duration.ofDays(365 * 200));
      assertEquals(start.plus(Duration.ofDays(365 * 200)), clock.now());
    }
  }

  @Test
  void pause_freezesTheTimeAndIsIdempotent() {
    try (Clock clock = Clock.create()) {
      assertFalse(clock.isPaused());
      clock.pause();
      assertTrue(clock.isPaused());
      Instant frozen = clock.now();
      clock.pause();
      assertEquals(frozen, clock.now());
    }
  }

  @Test
  void advance_movesAPausedClockExactly() {
    try (Clock clock = Clock.paused(START)) {
      clock.advance(Duration.ofSeconds(5, 1));
      assertEquals(START.plusSeconds(5).plusNanos(1), clock.now());
      clock.advance(Duration.ZERO);
      assertEquals(START.plusSeconds(5).plusNanos(1), clock.now());
    }
  }

  @Test
  void advance_doesNothingWhileRunning() {
    try (Clock clock = Clock.create()) {
      Instant before = clock.now();
      clock.advance(Duration.ofDays(1));
      assertTrue(clock.now().isBefore(before.plus(Duration.ofHours(23))));
    }
  }

  @Test
  void advance_refusesNegativeDurations() {
    try (Clock paused = Clock.paused(START);
        Clock running = Clock.create()) {
      Duration negative = Duration.ofNanos(-1);
      String message =
          assertThrows(IllegalArgumentException.class, () -> paused.advance(negative)).getMessage();
      assertEquals("duration < 0: PT-0.000000001S", message);
      assertThrows(IllegalArgumentException.class, () -> running.advance(negative));
      assertEquals(START, paused.now());
    }
  }

  @Test
  void advance_stopsAtTheEndOfTime() {
    try (Clock clock = Clock.paused(START)) {
      clock.advance(Duration.ofSeconds(Long.MAX_VALUE));
      assertEquals(MAX, clock.now());
      clock.advance(Duration.ofNanos(1));
      assertEquals(MAX, clock.now());
      clock.resume();
      assertEquals(MAX, clock.now());
    }
  }

  @Test
  void update_movesAPausedClockForwardOnly() {
    try (Clock clock = Clock.paused(START)) {
      clock.update(START.plusSeconds(7));
      assertEquals(START.plusSeconds(7), clock.now());
      clock.update(START);
      assertEquals(START.plusSeconds(7), clock.now());
    }
  }

  @Test
  void update_doesNothingWhileRunning() {
    try (Clock clock = Clock.create()) {
      Instant before = clock.now();
      clock.update(before.plus(Duration.ofDays(1)));
      assertTrue(clock.now().isBefore(before.plus(Duration.ofHours(23))));
    }
  }

  @Test
  void resume_keepsWhatWasEverAdvanced() {
    try (Clock clock = Clock.create();
        Clock real = Clock.create()) {
      for (int round = 1; round <= 3; round++) {
        clock.pause();
        clock.advance(Duration.ofDays(1));
        clock.update(clock.now().plus(Duration.ofDays(1)));
        clock.resume();
        assertFalse(clock.isPaused());
        Duration offset = Duration.between(real.now(), clock.now());
        Duration off = offset.minusDays(2L * round).abs();
        assertTrue(off.compareTo(Duration.ofSeconds(10)) < 0, () -> "off by " + off);
      }
    }
  }

  @Test
  void resume_isIdempotentAndNeverGoesBack() {
    try (Clock clock = Clock.create()) {
      clock.resume();
      clock.pause();
      clock.advance(Duration.ofSeconds(1));
      Instant frozen = clock.now();
      clock.resume();
      assertFalse(clock.now().isBefore(frozen));
      clock.resume();
      assertFalse(clock.now().isBefore(frozen));
    }
  }

  @Test
  void resume_ofAClockMadePausedGoesOnFromItsStart() {
    try (Clock clock = Clock.paused(START)) {
      clock.resume();
      Duration gone = Duration.between(START, clock.now());
      assertFalse(gone.isNegative());
      assertTrue(gone.compareTo(Duration.ofSeconds(30)) < 0, () -> "gone: " + gone);
    }
  }

  @Test
  void clocks_areIndependent() {
    try (Clock one = Clock.paused(START);
        Clock other = Clock.paused(START)) {
      one.advance(Duration.ofSeconds(1));
      assertEquals(START, other.now());
      other.resume();
      assertTrue(one.isPaused());
    }
    assertNotSame(Clock.system(), Clock.create());
  }

  @Test
  void current_isTheSystemClockOutsideTheRuntime() {
    assertSame(Clock.system(), Clock.current());
    assertSame(Clock.system(), Clock.system());
  }

  @Test
  void current_isTheClockOfARuntimeThread() throws Exception {
    try (Clock clock = Clock.paused(START)) {
      CompletableFuture<Clock> bound = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                ThreadContext.bindClock(clock);
                bound.complete(Clock.current());
              });
      thread.start();
      assertSame(clock, bound.get(10, TimeUnit.SECONDS));
      assertSame(Clock.system(), Clock.current());
    }
  }

  @Test
  void current_isTheTimersOwnClockInATimer() throws Exception {
    try (Clock clock = Clock.paused(START)) {
      CompletableFuture<Clock> current = new CompletableFuture<>();
      clock.timer(Duration.ZERO, () -> current.complete(Clock.current()));
      assertSame(clock, current.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aThreadMayChangeItsClock() throws Exception {
    try (Clock clock = Clock.paused(START);
        Clock other = Clock.paused(START)) {
      CompletableFuture<Void> done =
          CompletableFuture.runAsync(
              () -> {
                assertFalse(ThreadContext.isRuntimeThread());
                ThreadContext.bindClock(clock);
                assertSame(clock, Clock.current());
                ThreadContext.bindClock(other);
                assertSame(other, Clock.current());
                ThreadContext.bindClock(null);
                assertFalse(ThreadContext.isRuntimeThread());
                assertSame(Clock.system(), Clock.current());
              },
              task -> new Thread(task).start());
      done.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void nullsAreRefused() {
    try (Clock clock = Clock.paused(START)) {
      assertThrows(NullPointerException.class, () -> Clock.paused(null));
      assertThrows(NullPointerException.class, () -> clock.advance(null));
      assertThrows(NullPointerException.class, () -> clock.update(null));
      assertThrows(NullPointerException.class, () -> clock.timer(null, () -> {}));
      assertThrows(NullPointerException.class, () -> clock.timer(Duration.ZERO, null));
    }
  }
}
