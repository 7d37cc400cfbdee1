package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.sync.Stress;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

/**
 * Several threads that start and cancel timers, while time moves: each timer has exactly one
 * outcome.
 */
class TimerStressTest {

  private static final int ROUNDS = Stress.times(2);
  private static final int THREADS = 3;
  private static final int TIMERS = 50_000; // Of each thread.

  private static void check(AtomicIntegerArray fired, AtomicIntegerArray cancelled) {
    for (int i = 0; i < fired.length(); i++) {
      assertEquals(1, fired.get(i) + cancelled.get(i), "outcomes of timer " + i);
    }
  }

  @Test
  void realTime_eachTimerFiresOrIsCancelled() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      try (Clock clock = Clock.create()) {
        race(clock, round, 1_000_000);
      }
    }
    Stress.played((long) ROUNDS * THREADS * TIMERS);
  }

  @Test
  void pausedTime_eachTimerFiresOrIsCancelled() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      try (Clock clock = Clock.paused(Instant.EPOCH)) {
        race(clock, round, 1_000_000_000);
      }
    }
    Stress.played((long) ROUNDS * THREADS * TIMERS);
  }

  private static void race(Clock clock, int round, int longest) throws Exception {
    int count = THREADS * TIMERS;
    AtomicIntegerArray fired = new AtomicIntegerArray(count);
    AtomicIntegerArray cancelled = new AtomicIntegerArray(count);
    AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(count);
    AtomicInteger running = new AtomicInteger(THREADS);
    boolean paused = clock.isPaused();
    Stress.inParallel(
        THREADS + 1,
        thread -> {
          Random random = new Random(31 * round + thread);
          if (thread == THREADS) {
            while (running.get() > 0) {
              if (!paused) {
                clock.pause();
              }
              clock.advance(Duration.ofNanos(random.nextInt(longest)));
              if (!paused) {
                clock.resume();
              }
            }
            return;
          }
          for (int i = 0; i < TIMERS; i++) {
            int id = thread * TIMERS + i;
            Duration delay = Duration.ofNanos(random.nextInt(longest));
            timers.set(id, clock.timer(delay, () -> fired.incrementAndGet(id)));
            // Its own or another's, new or old.
            int victim = random.nextBoolean() ? id : random.nextInt(count);
            Timer timer = timers.get(victim);
            if (timer != null && timer.cancel()) {
              cancelled.incrementAndGet(victim);
            }
          }
          running.decrementAndGet();
        });
    clock.pause();
    clock.advance(Duration.ofNanos(longest));
    clock.settle();
    check(fired, cancelled);
  }

  @Test
  void dueTimers_cancelledAsTheyFireHaveOneOutcome() throws Exception {
    int count = 100_000;
    for (int round = 0; round < ROUNDS; round++) {
      try (Clock clock = Clock.paused(Instant.EPOCH)) {
        AtomicIntegerArray fired = new AtomicIntegerArray(count);
        AtomicIntegerArray cancelled = new AtomicIntegerArray(count);
        Timer[] timers = new Timer[count];
        for (int i = 0; i < count; i++) {
          int id = i;
          timers[i] = clock.timer(Duration.ofMillis(1 + i), () -> fired.incrementAndGet(id));
        }
        Stress.inParallel(
            3,
            thread -> {
              if (thread == 2) {
                for (int i = 0; i < 100; i++) {
                  clock.advance(Duration.ofSeconds(1));
                }
                return;
              }
              // Both from the end, so that they and the clock meet.
              for (int i = count - 1; i >= 0; i--) {
                if (timers[i].cancel()) {
                  cancelled.incrementAndGet(i);
                }
              }
            });
        clock.settle();
        check(fired, cancelled);
      }
    }
    Stress.played((long) ROUNDS * count);
  }

  @Test
  void concurrentWakeUps_loseNoTimer() throws Exception {
    try (Clock clock = Clock.create()) {
      Stress.inParallel(
          THREADS,
          thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < 1000 * ROUNDS; i++) {
              CountDownLatch fired = new CountDownLatch(1);
              clock.timer(Duration.ofNanos(random.nextInt(200_000)), fired::countDown);
              assertTrue(fired.await(20, TimeUnit.SECONDS));
            }
          });
    }
    Stress.played(1000L * ROUNDS * THREADS);
  }

  @Test
  void closing_raceWithTimersEndsInTheSilenceOfAll() throws Exception {
    for (int round = 0; round < 50 * ROUNDS; round++) {
      Clock clock = Clock.create();
      AtomicInteger refused = new AtomicInteger();
      Stress.inParallel(
          2,
          thread -> {
            if (thread == 0) {
              clock.close();
              return;
            }
            try {
              for (int i = 0; i < 100_000; i++) {
                clock.timer(Duration.ofNanos(i), () -> {});
              }
            } catch (IllegalStateException closed) {
              refused.incrementAndGet();
            }
          });
      clock.pause();
      clock.advance(Duration.ofSeconds(1));
      clock.settle();
      assertFalse(clock.toString().isEmpty());
      assertTrue(refused.get() <= 1);
    }
    Stress.played(50L * ROUNDS);
  }
}
