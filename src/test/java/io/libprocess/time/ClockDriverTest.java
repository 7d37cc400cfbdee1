package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A clock with a time source that the test controls, without a thread. */
class ClockDriverTest {

  private final ManualTime time = new ManualTime();
  private final AtomicInteger woken = new AtomicInteger();
  private final ClockDriver driver = new ClockDriver(time, woken::incrementAndGet);
  private final Clock clock = driver.clock();
  private final List<String> ran = new ArrayList<>();

  @AfterEach
  void close() {
    driver.close();
  }

  private Runnable note(String name) {
    return () -> ran.add(name);
  }

  private void runAll() {
    while (driver.runNext()) {
      assertSame(Clock.system(), Clock.current(), "the thread is its own again");
    }
  }

  @Test
  void time_isThatOfTheSource() {
    assertEquals(ManualTime.START, clock.now());
    long before = clock.nanoTime();
    time.pass(Duration.ofSeconds(3));
    assertEquals(ManualTime.START.plusSeconds(3), clock.now());
    assertEquals(3_000_000_000L, clock.nanoTime() - before);
    assertFalse(clock.isPaused());
  }

  @Test
  void timers_runOnTheCallersThreadOneAtATimeInTheirOrder() {
    List<Thread> threads = new ArrayList<>();
    clock.timer(Duration.ofMillis(3), note("c"));
    clock.timer(Duration.ofMillis(1), note("a"));
    clock.timer(
        Duration.ofMillis(2),
        () -> {
          threads.add(Thread.currentThread());
          assertSame(clock, Clock.current());
          ran.add("b");
        });
    clock.timer(Duration.ofMillis(3), note("d"));
    assertFalse(driver.runNext());
    time.pass(Duration.ofMillis(5));
    assertTrue(driver.runNext());
    assertEquals(List.of("a"), ran);
    runAll();
    assertEquals(List.of("a", "b", "c", "d"), ran);
    assertEquals(List.of(Thread.currentThread()), threads);
  }

  @Test
  void timersThatAreCloseTogether_runInTheOrderOfTheirDeadlines() {
    for (int i = 99; i >= 0; i--) {
      clock.timer(Duration.ofNanos(1000 + i), note("" + i));
    }
    time.pass(Duration.ofNanos(1049));
    runAll();
    assertEquals(50, ran.size());
    time.pass(Duration.ofSeconds(1));
    runAll();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      expected.add("" + i);
    }
    assertEquals(expected, ran);
  }

  @Test
  void timer_canBeCancelledUntilItRuns() {
    List<Timer> timers = new ArrayList<>();
    clock.timer(Duration.ofMillis(1), () -> assertTrue(timers.get(0).cancel()));
    timers.add(clock.timer(Duration.ofMillis(1), note("cancelled")));
    time.pass(Duration.ofMillis(1));
    runAll();
    assertEquals(List.of(), ran);
  }

  @Test
  void nanosToNext_isExact() {
    assertEquals(OptionalLong.empty(), driver.nanosToNext());
    clock.timer(Duration.ofDays(400).plusNanos(1), note("late"));
    clock.timer(Duration.ofSeconds(70).plusNanos(3), note("early"));
    assertEquals(OptionalLong.of(70_000_000_003L), driver.nanosToNext());
    time.pass(Duration.ofSeconds(70));
    assertEquals(OptionalLong.of(3), driver.nanosToNext());
    time.pass(Duration.ofSeconds(1));
    assertEquals(OptionalLong.of(0), driver.nanosToNext());
    assertTrue(driver.runNext());
    Duration left = Duration.ofDays(400).plusNanos(1).minus(Duration.ofSeconds(71));
    assertEquals(OptionalLong.of(left.toNanos()), driver.nanosToNext());
  }

  @Test
  void waker_isCalledOnceForTimersThatAreSooner() {
    clock.timer(Duration.ofSeconds(5), note("a"));
    assertEquals(1, woken.get());
    clock.timer(Duration.ofSeconds(1), note("b"));
    assertEquals(1, woken.get(), "it has not asked since");
    driver.nanosToNext();
    clock.timer(Duration.ofSeconds(2), note("later"));
    assertEquals(1, woken.get());
    clock.timer(Duration.ofMillis(999), note("sooner"));
    assertEquals(2, woken.get());
  }

  @Test
  void whatATimerThrows_endsNothing() {
    clock.timer(
        Duration.ZERO,
        () -> {
          throw new StackOverflowError("of a test");
        });
    clock.timer(Duration.ZERO, note("next"));
    runAll();
    assertEquals(List.of("next"), ran);
  }

  @Test
  void clock_isMovedByItsSourceOnly() {
    assertThrows(UnsupportedOperationException.class, clock::pause);
    assertThrows(UnsupportedOperationException.class, () -> clock.advance(Duration.ofSeconds(1)));
    assertThrows(UnsupportedOperationException.class, () -> clock.update(Instant.MAX));
    assertThrows(UnsupportedOperationException.class, clock::settle);
    clock.resume();
    assertEquals(ManualTime.START, clock.now());
  }

  @Test
  void close_dropsTimers() {
    Timer timer = clock.timer(Duration.ofSeconds(1), note("dropped"));
    driver.close();
    time.pass(Duration.ofSeconds(2));
    assertFalse(driver.runNext());
    assertFalse(timer.cancel());
    assertThrows(IllegalStateException.class, () -> clock.timer(Duration.ZERO, note("late")));
  }

  /* ------ Steps of the wall clock ------ */

  @Test
  void stepsOfTheWallClock_areFollowedAndMoveNoTimer() {
    long before = clock.nanoTime();
    Timer timer = clock.timer(Duration.ofMinutes(1), note("fired"));
    time.step(Duration.ofHours(2));
    assertEquals(ManualTime.START.plus(Duration.ofHours(2)), clock.now());
    assertEquals(before, clock.nanoTime());
    assertEquals(Duration.ofMinutes(1), timer.remaining());
    assertEquals(ManualTime.START.plus(Duration.ofMinutes(121)), timer.deadline());
    assertFalse(driver.runNext());
    time.step(Duration.ofHours(-5));
    assertEquals(ManualTime.START.minus(Duration.ofHours(3)), clock.now());
    assertEquals(before, clock.nanoTime());
    time.pass(Duration.ofMinutes(1));
    assertTrue(driver.runNext());
    assertEquals(List.of("fired"), ran);
  }
}
