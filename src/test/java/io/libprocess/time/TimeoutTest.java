package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.scheduler.ThreadContext;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimeoutTest {

  private static final Instant START = Instant.parse("1989-03-02T00:00:00Z");

  private interface Body {
    void run(Clock clock);
  }

  /** On a thread that lives by a paused clock. */
  private static void withPausedClock(Body body) throws Exception {
    try (Clock clock = Clock.paused(START)) {
      CompletableFuture.runAsync(
              () -> {
                ThreadContext.bindClock(clock);
                body.run(clock);
              },
              task -> new Thread(task).start())
          .get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void in_isNowAndTheDuration() throws Exception {
    withPausedClock(
        clock -> {
          assertEquals(START.plusSeconds(5), Timeout.in(Duration.ofSeconds(5)).time());
          assertEquals(START.minusSeconds(5), Timeout.in(Duration.ofSeconds(-5)).time());
          assertEquals(new Timeout(START), Timeout.in(Duration.ZERO));
        });
  }

  @Test
  void in_saturates() throws Exception {
    withPausedClock(
        clock -> {
          Instant max = Nanos.instant(Nanos.MAX);
          assertEquals(max, Timeout.in(Duration.ofSeconds(Long.MAX_VALUE)).time());
          assertEquals(max, Timeout.in(Duration.between(START, max)).time());
          assertEquals(max, Timeout.in(Duration.between(START, max).plusNanos(1)).time());
          assertEquals(Instant.EPOCH, Timeout.in(Duration.ofSeconds(Long.MIN_VALUE)).time());
        });
  }

  @Test
  void remaining_fallsToZeroAndNotBelow() throws Exception {
    withPausedClock(
        clock -> {
          Timeout timeout = Timeout.in(Duration.ofSeconds(5));
          assertEquals(Duration.ofSeconds(5), timeout.remaining());
          clock.advance(Duration.ofSeconds(4));
          assertEquals(Duration.ofSeconds(1), timeout.remaining());
          clock.advance(Duration.ofSeconds(4));
          assertEquals(Duration.ZERO, timeout.remaining());
        });
  }

  @Test
  void expired_onceTheTimeHasCome() throws Exception {
    withPausedClock(
        clock -> {
          Timeout timeout = Timeout.in(Duration.ofSeconds(5));
          assertFalse(timeout.expired());
          clock.advance(Duration.ofSeconds(5).minusNanos(1));
          assertFalse(timeout.expired());
          clock.advance(Duration.ofNanos(1));
          assertTrue(timeout.expired());
          assertTrue(Timeout.in(Duration.ZERO).expired());
        });
  }

  @Test
  void outsideTheRuntime_nowIsTheSystemClocksTime() {
    assertTrue(Timeout.in(Duration.ZERO).expired());
    Timeout hour = Timeout.in(Duration.ofHours(1));
    assertFalse(hour.expired());
    assertTrue(hour.time().isAfter(Clock.system().now()));
  }

  @Test
  void timeouts_compareByTime() {
    Timeout early = new Timeout(START);
    Timeout late = new Timeout(START.plusNanos(1));
    assertTrue(early.compareTo(late) < 0);
    assertTrue(late.compareTo(early) > 0);
    assertEquals(0, early.compareTo(new Timeout(START)));
    assertEquals(early, new Timeout(START));
    assertNotEquals(early, late);
  }

  @Test
  void nullsAreRefused() {
    assertThrows(NullPointerException.class, () -> new Timeout(null));
    assertThrows(NullPointerException.class, () -> Timeout.in(null));
  }
}
