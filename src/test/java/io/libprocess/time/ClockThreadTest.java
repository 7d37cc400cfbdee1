package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The thread that runs timers: when it starts, waits, is held back and ends. */
class ClockThreadTest {

  private static final Instant START = Instant.parse("1989-03-02T00:00:00Z");

  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

  private Runnable note(String name) {
    return () -> ran.add(name);
  }

  private static Set<Thread> clockThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().equals("libprocess-clock"));
    return threads;
  }

  @Test
  void pausedClock_startsNoThreadUntilATimerIsDue() throws Exception {
    Set<Thread> before = clockThreads();
    try (Clock clock = Clock.paused(START)) {
      Timer timer = clock.timer(Duration.ofSeconds(5), note("cancelled"));
      clock.timer(Duration.ofSeconds(6), note("fired"));
      clock.advance(Duration.ofSeconds(4));
      timer.cancel();
      clock.settle();
      assertTrue(before.containsAll(clockThreads()));
      clock.advance(Duration.ofSeconds(2));
      clock.settle();
      assertEquals(List.of("fired"), ran);
      assertFalse(before.containsAll(clockThreads()));
    }
  }

  @Test
  void timers_runOneAfterAnotherOnOneDaemonThread() {
    try (Clock clock = Clock.paused(START)) {
      List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < 100; i++) {
        clock.timer(Duration.ofMillis(i), () -> threads.add(Thread.currentThread()));
      }
      clock.advance(Duration.ofSeconds(1));
      clock.settle();
      assertEquals(100, threads.size());
      assertEquals(1, new HashSet<>(threads).size());
      assertEquals("libprocess-clock", threads.get(0).getName());
      assertTrue(threads.get(0).isDaemon());
    }
  }

  @Test
  void interruptingThunk_doesNotDisturbTheNextOfItsBatch() throws Exception {
    try (Clock clock = Clock.paused(START)) {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      clock.timer(Duration.ofSeconds(1), () -> Thread.currentThread().interrupt());
      clock.timer(
          Duration.ofSeconds(1),
          () -> interrupted.complete(Thread.currentThread().isInterrupted()));
      clock.advance(Duration.ofSeconds(1));
      assertFalse(interrupted.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void interruptingThunk_doesNotDisturbTheClock() throws Exception {
    try (Clock clock = Clock.create()) {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      clock.timer(Duration.ZERO, () -> Thread.currentThread().interrupt());
      clock.timer(
          Duration.ofMillis(5), () -> interrupted.complete(Thread.currentThread().isInterrupted()));
      assertFalse(interrupted.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void runningClock_neverFiresEarly() {
    try (Clock clock = Clock.create()) {
      int count = 300;
      CountDownLatch done = new CountDownLatch(count);
      Random random = new Random(5);
      List<Long> early = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < count; i++) {
        long delay = random.nextInt(150_000_000);
        Timer[] self = new Timer[1];
        synchronized (self) {
          self[0] =
              clock.timer(
                  Duration.ofNanos(delay),
                  () -> {
                    synchronized (self) {
                      long left = self[0].deadline - clock.nanos();
                      if (left > 0) {
                        early.add(left);
                      }
                    }
                    done.countDown();
                  });
        }
      }
      Expect.opened(done);
      assertEquals(List.of(), early);
    }
  }

  @Test
  void runningClock_firesEarlierTimerWhileWaitingForLaterOne() {
    try (Clock clock = Clock.create()) {
      Timer later = clock.timer(Duration.ofHours(1), note("later"));
      CountDownLatch fired = new CountDownLatch(1);
      clock.timer(Duration.ofMillis(1), fired::countDown);
      Expect.opened(fired);
      assertTrue(later.cancel());
      assertEquals(List.of(), ran);
    }
  }

  @Test
  void pause_holdsBackTimersThatAreNotDue() {
    try (Clock clock = Clock.create()) {
      clock.pause();
      Timer timer = clock.timer(Duration.ofNanos(1), note("fired"));
      clock.settle();
      assertEquals(List.of(), ran);
      assertEquals(Duration.ofNanos(1), timer.remaining());
      clock.advance(Duration.ofNanos(1));
      clock.settle();
      assertEquals(List.of("fired"), ran);
    }
  }

  @Test
  void pause_letsTimersFireThatAreDueAlready() {
    try (Clock clock = Clock.create()) {
      CountDownLatch busy = new CountDownLatch(1);
      CountDownLatch paused = new CountDownLatch(1);
      clock.timer(
          Duration.ZERO,
          () -> {
            busy.countDown();
            Expect.opened(paused);
          });
      Expect.opened(busy);
      clock.timer(Duration.ZERO, note("due"));
      clock.pause();
      clock.timer(Duration.ofNanos(1), note("not due"));
      paused.countDown();
      clock.settle();
      assertEquals(List.of("due"), ran);
    }
  }

  @Test
  void pause_letsATimerFireWhoseTickHasNotEnded() {
    try (Clock clock = Clock.create()) {
      for (int i = 0; i < 200; i++) {
        Timer timer = clock.timer(Duration.ofNanos(1000), () -> {});
        clock.pause();
        boolean due = timer.remaining().isZero();
        clock.settle();
        assertEquals(due, timer.slot == TimerWheel.NOWHERE);
        clock.resume();
      }
    }
  }

  @Test
  void resume_armsTimersAgain() {
    try (Clock clock = Clock.paused(START)) {
      CountDownLatch fired = new CountDownLatch(2);
      clock.timer(Duration.ofMillis(2), fired::countDown);
      clock.timer(Duration.ofMillis(1), fired::countDown);
      clock.resume();
      Expect.opened(fired);
    }
  }

  @Test
  void resume_armsTimersAgainAfterTheThreadWaitedPaused() {
    try (Clock clock = Clock.create()) {
      CountDownLatch first = new CountDownLatch(1);
      clock.timer(Duration.ZERO, first::countDown);
      Expect.opened(first);
      for (int i = 0; i < 50; i++) {
        clock.pause();
        CountDownLatch fired = new CountDownLatch(1);
        clock.timer(Duration.ofNanos(i), fired::countDown);
        clock.settle();
        clock.resume();
        Expect.opened(fired);
      }
    }
  }

  @Test
  void close_dropsAllTimersAndEndsTheThread() throws Exception {
    Clock clock = Clock.paused(START);
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    clock.timer(Duration.ZERO, () -> thread.complete(Thread.currentThread()));
    Thread ended = thread.get(20, TimeUnit.SECONDS);
    Timer dropped = clock.timer(Duration.ofSeconds(1), note("dropped"));
    clock.close();
    clock.close();
    ended.join(20_000);
    assertFalse(ended.isAlive());
    clock.advance(Duration.ofSeconds(1));
    clock.settle();
    assertEquals(List.of(), ran);
    assertFalse(dropped.cancel());
    assertEquals(START.plusSeconds(1), clock.now());
    assertEquals("Clock[1989-03-02 00:00:01+00:00, paused, closed]", clock.toString());
    assertThrows(
        IllegalStateException.class, () -> clock.timer(Duration.ZERO, note("after closing")));
  }

  @Test
  void close_fromATimerDropsTheRestOfItsBatch() throws Exception {
    Clock clock = Clock.paused(START);
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    clock.timer(
        Duration.ofSeconds(1),
        () -> {
          clock.close();
          thread.complete(Thread.currentThread());
        });
    Timer rest = clock.timer(Duration.ofSeconds(1), note("rest"));
    clock.advance(Duration.ofSeconds(1));
    Thread ended = thread.get(20, TimeUnit.SECONDS);
    ended.join(20_000);
    assertFalse(ended.isAlive());
    clock.settle();
    assertEquals(List.of(), ran);
    assertNull(rest.thunk);
    assertFalse(rest.cancel());
  }

  @Test
  void close_isRefusedByTheSystemClock() {
    assertThrows(UnsupportedOperationException.class, () -> Clock.system().close());
    CountDownLatch fired = new CountDownLatch(1);
    Clock.system().timer(Duration.ZERO, fired::countDown);
    Expect.opened(fired);
  }

  /* ------ Functions that block or fail ------ */

  @Test
  void functionThatWaits_letsOtherTimersRunMeanwhile() {
    try (Clock clock = Clock.create()) {
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch waited = new CountDownLatch(1);
      clock.timer(
          Duration.ZERO,
          () -> {
            ThreadContext.beforeBlocking();
            ThreadContext.beforeBlocking();
            Expect.opened(release);
            waited.countDown();
          });
      CountDownLatch others = new CountDownLatch(3);
      clock.timer(Duration.ZERO, others::countDown);
      clock.timer(Duration.ofMillis(1), others::countDown);
      clock.timer(Duration.ofMillis(30), others::countDown);
      Expect.opened(others);
      release.countDown();
      Expect.opened(waited);
    }
  }

  @Test
  void functionThatWaits_handsTheRestOfItsBatchOnAndIsWaitedForByQuiescence() throws Exception {
    try (Clock clock = Clock.paused(START)) {
      CountDownLatch release = new CountDownLatch(1);
      CompletableFuture<Thread> waiting = new CompletableFuture<>();
      clock.timer(
          Duration.ofSeconds(1),
          () -> {
            waiting.complete(Thread.currentThread());
            ThreadContext.beforeBlocking();
            Expect.opened(release);
            ran.add("waited");
          });
      CountDownLatch rest = new CountDownLatch(2);
      clock.timer(Duration.ofSeconds(1), rest::countDown);
      clock.timer(Duration.ofSeconds(1), rest::countDown);
      clock.advance(Duration.ofSeconds(1));
      Expect.opened(rest);
      assertEquals(-1, clock.state.quietBatches(), "one still runs");
      release.countDown();
      clock.settle();
      assertEquals(List.of("waited"), ran);
      Thread replaced = waiting.get(20, TimeUnit.SECONDS);
      replaced.join(20_000);
      assertFalse(replaced.isAlive());
      clock.timer(Duration.ZERO, note("after"));
      clock.settle();
      assertEquals(List.of("waited", "after"), ran);
    }
  }

  @Test
  void functionThatDoesNotComeBack_isNamedAndOthersGoOn() throws Exception {
    try (LogCapture log = new LogCapture();
        Node node = Node.start(Config.builder().build())) { // Which has a watchdog.
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch others = new CountDownLatch(2);
      CountDownLatch back = new CountDownLatch(1);
      Clock clock = node.clock();
      clock.timer(
          Duration.ZERO,
          () -> {
            hold(release);
            back.countDown();
          });
      clock.timer(Duration.ZERO, others::countDown);
      clock.timer(Duration.ofMillis(30), others::countDown);
      Expect.opened(others);
      log.await("ClockThreadTest.hold");
      release.countDown();
      Expect.opened(back);
      CountDownLatch after = new CountDownLatch(1);
      clock.timer(Duration.ZERO, after::countDown);
      Expect.opened(after);
    }
  }

  private static void hold(CountDownLatch release) {
    Expect.opened(release);
  }

  @Test
  void threadThatEnds_isReplaced() throws Exception {
    try (Clock clock = Clock.create()) {
      CompletableFuture<Thread> first = new CompletableFuture<>();
      CountDownLatch later = new CountDownLatch(1);
      clock.timer(Duration.ofMillis(500), later::countDown);
      clock.timer(
          Duration.ZERO,
          () -> {
            Thread thread = Thread.currentThread();
            leaveItsLoop(thread);
            first.complete(thread);
          });
      Expect.opened(later);
      Thread ended = first.get(20, TimeUnit.SECONDS);
      ended.join(20_000);
      assertFalse(ended.isAlive());
    }
  }

  /** Makes a thread end that should not. */
  private static void leaveItsLoop(Thread thread) {
    try {
      Field replaced = TimerThread.class.getDeclaredField("replaced");
      replaced.setAccessible(true);
      replaced.set(thread, true);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void threadSurvivesAnyThrowable() {
    try (Clock clock = Clock.create()) {
      CountDownLatch done = new CountDownLatch(1);
      clock.timer(
          Duration.ZERO,
          () -> {
            throw new OutOfMemoryError("of a test");
          });
      clock.timer(Duration.ZERO, ClockThreadTest::overflow);
      clock.timer(
          Duration.ZERO,
          () -> {
            throw new Indescribable();
          });
      clock.timer(Duration.ofMillis(1), done::countDown);
      Expect.opened(done);
    }
  }

  private static void overflow() {
    overflow();
  }

  /** A failure that no log can print. */
  private static final class Indescribable extends Error {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new StackOverflowError("while it is described");
    }
  }
}
