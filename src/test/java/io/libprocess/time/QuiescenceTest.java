package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.scheduler.Activity;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuiescenceTest {

  private final Clock clock = Clock.paused(Instant.EPOCH);

  @AfterEach
  void close() {
    clock.close();
  }

  /** A thread with a queue that counts as the contract of Activity asks. */
  private static final class Worker implements Activity, AutoCloseable {
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final AtomicLong handed = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final Clock clock;
    private final Thread thread = new Thread(this::run, "worker");

    Worker(Clock clock) {
      this.clock = clock;
      Activity.Registry.register(clock, this);
      thread.start();
    }

    void hand(Runnable task) {
      handed.incrementAndGet();
      queue.add(task);
    }

    private void run() {
      ThreadContext.bindClock(clock);
      try {
        while (true) {
          queue.take().run();
          done.incrementAndGet();
        }
      } catch (InterruptedException closed) {
        // The end.
      }
    }

    @Override
    public boolean isIdle() {
      return done.get() == handed.get();
    }

    @Override
    public long progress() {
      return handed.get();
    }

    @Override
    public void close() {
      Activity.Registry.unregister(clock, this);
      thread.interrupt();
    }
  }

  /** An activity that a test sets by hand. */
  private static final class Fake implements Activity {
    volatile boolean idle = true;
    final AtomicLong progress = new AtomicLong();
    final AtomicInteger asked = new AtomicInteger();
    volatile Runnable whenAsked = () -> {};

    @Override
    public boolean isIdle() {
      asked.incrementAndGet();
      whenAsked.run();
      return idle;
    }

    @Override
    public long progress() {
      return progress.get();
    }
  }

  @Test
  void settle_needsAPausedClock() {
    clock.resume();
    assertThrows(IllegalStateException.class, clock::settle);
    assertThrows(IllegalStateException.class, () -> Clock.system().settle());
  }

  @Test
  void settle_failsIfTheClockIsResumedMeanwhile() {
    Fake fake = new Fake();
    fake.idle = false;
    fake.whenAsked = clock::resume;
    Activity.Registry.register(clock, fake);
    assertThrows(IllegalStateException.class, clock::settle);
  }

  @Test
  void settle_isGivenUpWhenInterrupted() {
    Fake busy = new Fake();
    Activity.Registry.register(clock, busy);
    Thread.currentThread().interrupt();
    clock.settle(); // Need not wait.
    busy.idle = false;
    assertThrows(IllegalStateException.class, clock::settle);
    assertTrue(Thread.interrupted());
  }

  @Test
  void settle_isRefusedOnTheClocksThread() throws Exception {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    clock.timer(
        Duration.ZERO,
        () -> {
          try {
            clock.settle();
            settled.complete(null);
          } catch (IllegalStateException e) {
            settled.completeExceptionally(e);
          }
        });
    Throwable failure =
        assertThrows(Exception.class, () -> settled.get(20, TimeUnit.SECONDS)).getCause();
    assertEquals(IllegalStateException.class, failure.getClass());
    assertTrue(failure.getMessage().contains("libprocess-clock"), failure.getMessage());
  }

  @Test
  void settle_isRefusedOnAnyRuntimeThread() throws Exception {
    try (Worker worker = new Worker(clock)) {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      worker.hand(() -> failure.complete(assertThrows(IllegalStateException.class, clock::settle)));
      assertTrue(failure.get(20, TimeUnit.SECONDS).getMessage().contains("worker"));
    }
  }

  @Test
  void settle_returnsAtOnceWhenNothingIsDue() {
    clock.settle();
    clock.timer(Duration.ofSeconds(1), () -> {});
    clock.settle();
  }

  @Test
  void settle_waitsForARunningTimer() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    clock.timer(
        Duration.ZERO,
        () -> {
          running.countDown();
          Expect.opened(finish);
        });
    assertTrue(running.await(20, TimeUnit.SECONDS));
    CompletableFuture<Void> settled = CompletableFuture.runAsync(clock::settle);
    assertEquals(-1, clock.state.quietBatches());
    assertFalse(settled.isDone());
    finish.countDown();
    settled.get(20, TimeUnit.SECONDS);
  }

  @Test
  void settle_waitsForBusyActivities() throws Exception {
    Fake fake = new Fake();
    fake.idle = false;
    Activity.Registry.register(clock, fake);
    CountDownLatch polled = new CountDownLatch(3);
    fake.whenAsked = polled::countDown;
    CompletableFuture<Void> settled = CompletableFuture.runAsync(clock::settle);
    assertTrue(polled.await(20, TimeUnit.SECONDS));
    assertFalse(settled.isDone());
    fake.idle = true;
    settled.get(20, TimeUnit.SECONDS);
  }

  @Test
  void settle_looksAgainIfAnActivityGotWorkMeanwhile() {
    Fake fake = new Fake();
    Activity.Registry.register(clock, fake);
    // Idle whenever it is asked, but it had work between the first two questions.
    fake.whenAsked =
        () -> {
          if (fake.asked.get() == 1) {
            fake.progress.incrementAndGet();
          }
        };
    clock.settle();
    assertEquals(3, fake.asked.get());
  }

  @Test
  void settle_looksAgainIfATimerFiredMeanwhile() {
    Fake fake = new Fake();
    Activity.Registry.register(clock, fake);
    AtomicInteger fired = new AtomicInteger();
    fake.whenAsked =
        () -> {
          if (fake.asked.get() == 2) {
            clock.timer(Duration.ZERO, fired::incrementAndGet);
          }
        };
    clock.settle();
    assertEquals(1, fired.get());
    assertTrue(fake.asked.get() >= 4);
  }

  @Test
  void settle_looksAgainIfAnActivityWasRegisteredMeanwhile() {
    Fake late = new Fake();
    Fake fake = new Fake();
    fake.whenAsked =
        () -> {
          if (fake.asked.get() == 2) {
            Activity.Registry.register(clock, late);
          }
        };
    Activity.Registry.register(clock, fake);
    clock.settle();
    assertEquals(2, late.asked.get());
  }

  @Test
  void settle_neverReturnsWhileWorkWanders() {
    int rounds = 100 * Integer.getInteger("libprocess.stress", 1);
    try (Worker one = new Worker(clock);
        Worker two = new Worker(clock)) {
      for (int round = 0; round < rounds; round++) {
        AtomicInteger left = new AtomicInteger(100);
        wander(left, one, two);
        clock.settle();
        assertEquals(0, left.get());
      }
    }
  }

  /** From one worker to the other, and on every tenth step through a timer. */
  private void wander(AtomicInteger left, Worker here, Worker there) {
    here.hand(
        () -> {
          int step = left.decrementAndGet();
          if (step > 0 && step % 10 == 0) {
            clock.timer(Duration.ZERO, () -> wander(left, there, here));
          } else if (step > 0) {
            wander(left, there, here);
          }
        });
  }

  @Test
  void settle_doesNotAskActivitiesOfOtherClocks() {
    try (Clock other = Clock.paused(Instant.EPOCH)) {
      Fake busy = new Fake();
      busy.idle = false;
      Activity.Registry.register(other, busy);
      clock.settle();
      assertEquals(0, busy.asked.get());
    }
  }

  @Test
  void registry_forgetsWhatIsUnregistered() {
    Fake one = new Fake();
    Fake two = new Fake();
    Activity[] none = Activity.Registry.of(clock);
    Activity.Registry.register(clock, one);
    Activity.Registry.register(clock, two);
    Activity.Registry.register(clock, one);
    assertArrayEquals(new Activity[] {one, two, one}, Activity.Registry.of(clock));
    assertSame(Activity.Registry.of(clock), Activity.Registry.of(clock));
    Activity.Registry.unregister(clock, one);
    assertArrayEquals(new Activity[] {two, one}, Activity.Registry.of(clock));
    Activity.Registry.unregister(clock, one);
    Activity.Registry.unregister(clock, one);
    assertArrayEquals(new Activity[] {two}, Activity.Registry.of(clock));
    Activity.Registry.unregister(clock, two);
    assertSame(none, Activity.Registry.of(clock));
  }

  @Test
  void registry_forgetsAClosedClock() {
    Fake fake = new Fake();
    Activity.Registry.register(clock, fake);
    clock.close();
    assertEquals(0, Activity.Registry.of(clock).length);
    Activity.Registry.unregister(clock, fake);
  }
}
