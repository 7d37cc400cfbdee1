package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The order and times of timers. */
class ClockTimerTest {

  private static final Instant START = Instant.parse("1989-03-02T00:00:00Z");

  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

  private Runnable note(String name) {
    return () -> ran.add(name);
  }

  @Test
  void pausedClock_timerIsDueToTheNanosecond() {
    try (Clock clock = Clock.paused(START)) {
      clock.timer(Duration.ofSeconds(5), note("fired"));
      clock.advance(Duration.ofSeconds(4, 999_999_999));
      clock.settle();
      assertEquals(List.of(), ran);
      clock.advance(Duration.ofNanos(1));
      clock.settle();
      assertEquals(List.of("fired"), ran);
      clock.advance(Duration.ofDays(1));
      clock.settle();
      assertEquals(List.of("fired"), ran);
    }
  }

  @Test
  void pausedClock_updateFiresTimersToo() {
    try (Clock clock = Clock.paused(START)) {
      clock.timer(Duration.ofSeconds(5), note("fired"));
      clock.update(START.plusSeconds(5));
      clock.settle();
      assertEquals(List.of("fired"), ran);
    }
  }

  @Test
  void zeroAndNegativeDelays_areDueAtOnceAlsoWhilePaused() {
    try (Clock clock = Clock.paused(START)) {
      Timer zero = clock.timer(Duration.ZERO, note("zero"));
      Timer negative = clock.timer(Duration.ofDays(-1), note("negative"));
      assertEquals(START, zero.deadline());
      assertEquals(START, negative.deadline());
      clock.settle();
      assertEquals(List.of("zero", "negative"), ran);
    }
  }

  @Test
  void zeroDelay_isDueAtTheAdvancedTime() {
    try (Clock clock = Clock.paused(START)) {
      clock.advance(Duration.ofSeconds(5));
      clock.timer(Duration.ZERO, note("before the thread"));
      clock.settle();
      clock.advance(Duration.ofSeconds(5));
      clock.timer(Duration.ZERO, note("after"));
      clock.settle();
      assertEquals(List.of("before the thread", "after"), ran);
    }
  }

  @Test
  void dueTimers_runInDueOrderAndEqualOnesInCreationOrder() {
    try (Clock clock = Clock.paused(START)) {
      clock.timer(Duration.ofSeconds(3), note("3a"));
      clock.timer(Duration.ofSeconds(1), note("1a"));
      clock.timer(Duration.ofSeconds(3), note("3b"));
      clock.advance(Duration.ofMillis(500));
      clock.timer(Duration.ofMillis(2500), note("3c"));
      clock.timer(Duration.ofMillis(500), note("1b"));
      clock.timer(Duration.ofNanos(2_499_999_999L), note("3-"));
      clock.advance(Duration.ofDays(400));
      clock.settle();
      assertEquals(List.of("1a", "1b", "3-", "3a", "3b", "3c"), ran);
    }
  }

  @Test
  void manyTimers_runInOrder() {
    Random random = new Random(7);
    try (Clock clock = Clock.paused(START)) {
      List<Timer> expected = new ArrayList<>();
      List<Timer> fired = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < 20_000; i++) {
        Timer[] self = new Timer[1];
        Duration delay = Duration.ofNanos(random.nextLong() >>> 1 >>> random.nextInt(62));
        self[0] = clock.timer(delay.plusNanos(1), () -> fired.add(self[0]));
        expected.add(self[0]);
        if (i % 1000 == 999) {
          clock.advance(Duration.ofNanos(random.nextLong() >>> 1 >>> random.nextInt(62)));
          clock.settle();
        }
      }
      clock.update(Nanos.instant(Nanos.MAX));
      clock.settle();
      expected.sort(Comparator.comparingLong(timer -> timer.deadline));
      assertEquals(expected.size(), fired.size());
      for (int i = 1; i < fired.size(); i++) {
        assertTrue(fired.get(i - 1).deadline <= fired.get(i).deadline);
      }
      assertEquals(new HashSet<>(expected), new HashSet<>(fired));
    }
  }

  @Test
  void batch_isTakenOutBeforeTheFirstOneRuns() {
    try (Clock clock = Clock.paused(START)) {
      Timer[] second = new Timer[1];
      List<Boolean> cancelled = Collections.synchronizedList(new ArrayList<>());
      clock.timer(
          Duration.ofSeconds(1),
          () -> {
            cancelled.add(second[0].cancel());
            clock.timer(Duration.ZERO, note("made meanwhile"));
          });
      second[0] = clock.timer(Duration.ofSeconds(1), note("second"));
      clock.advance(Duration.ofSeconds(1));
      clock.settle();
      assertEquals(List.of(false), cancelled);
      assertEquals(List.of("second", "made meanwhile"), ran);
    }
  }

  @Test
  void timersMadeByTimers_fire() {
    try (Clock clock = Clock.paused(START)) {
      AtomicInteger depth = new AtomicInteger();
      Runnable[] again = new Runnable[1];
      again[0] =
          () -> {
            if (depth.incrementAndGet() < 1000) {
              clock.timer(Duration.ZERO, again[0]);
            }
          };
      clock.timer(Duration.ZERO, again[0]);
      clock.settle();
      assertEquals(1000, depth.get());
    }
  }

  @Test
  void throwingThunk_isLoggedWithItsStackAndStopsNoOther() {
    RuntimeException failure = new RuntimeException("on purpose");
    Error error = new StackOverflowError("on purpose");
    List<Throwable> thrown;
    try (Clock clock = Clock.paused(START);
        LogCapture log = new LogCapture()) {
      clock.timer(
          Duration.ofSeconds(1),
          () -> {
            throw failure;
          });
      clock.timer(
          Duration.ofSeconds(1),
          () -> {
            throw error;
          });
      clock.timer(Duration.ofSeconds(1), note("same batch"));
      clock.timer(Duration.ofSeconds(2), note("next batch"));
      clock.advance(Duration.ofSeconds(1));
      clock.settle();
      clock.advance(Duration.ofSeconds(1));
      clock.settle();
      thrown = log.thrown();
    }
    assertEquals(List.of("same batch", "next batch"), ran);
    assertEquals(List.of(failure, error), thrown);
  }

  @Test
  void cancel_succeedsOnceAndPreventsTheFunction() {
    try (Clock clock = Clock.paused(START)) {
      Timer timer = clock.timer(Duration.ofSeconds(1), note("fired"));
      Timer equal = clock.timer(Duration.ofSeconds(1), note("equal"));
      assertNotEquals(timer, equal);
      assertTrue(timer.cancel());
      assertFalse(timer.cancel());
      clock.advance(Duration.ofSeconds(1));
      clock.settle();
      assertEquals(List.of("equal"), ran);
      assertFalse(equal.cancel());
    }
  }

  @Test
  void timer_knowsItsDeadlineAndWhatRemains() {
    try (Clock clock = Clock.paused(START)) {
      Timer timer = clock.timer(Duration.ofSeconds(5), () -> {});
      assertEquals(START.plusSeconds(5), timer.deadline());
      assertEquals("Timer[1989-03-02 00:00:05+00:00]", timer.toString());
      clock.advance(Duration.ofSeconds(2));
      assertEquals(Duration.ofSeconds(3), timer.remaining());
      clock.advance(Duration.ofSeconds(4));
      assertEquals(Duration.ZERO, timer.remaining());
      assertEquals(START.plusSeconds(5), timer.deadline());
    }
  }

  @Test
  void farDeadline_isTheEndOfTime() {
    try (Clock clock = Clock.paused(START)) {
      Timer timer = clock.timer(Duration.ofSeconds(Long.MAX_VALUE), note("never"));
      assertEquals(Nanos.instant(Nanos.MAX), timer.deadline());
      clock.advance(Duration.ofDays(365 * 250));
      clock.settle();
      assertEquals(List.of(), ran);
      assertTrue(timer.cancel());
    }
  }

  @Test
  void timer_letsGoOfItsFunctionOnceItIsOver() {
    Clock clock = Clock.paused(START);
    Timer fired = clock.timer(Duration.ofSeconds(1), note("fired"));
    Timer failed =
        clock.timer(
            Duration.ofSeconds(1),
            () -> {
              ran.add("failed");
              assertNull(fired.thunk);
            });
    Timer cancelled = clock.timer(Duration.ofSeconds(2), note("cancelled"));
    Timer dropped = clock.timer(Duration.ofSeconds(3), note("dropped"));
    clock.advance(Duration.ofSeconds(1));
    clock.settle();
    cancelled.cancel();
    clock.close();
    assertEquals(List.of("fired", "failed"), ran);
    for (Timer timer : List.of(fired, failed, cancelled, dropped)) {
      assertNull(timer.thunk);
      assertNull(timer.previous);
      assertNull(timer.next);
    }
  }
}
