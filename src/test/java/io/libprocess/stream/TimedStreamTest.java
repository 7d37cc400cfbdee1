package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.sync.RateLimiter;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams under a paused clock: they move when it does. */
class TimedStreamTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Pipe<Integer> pipe = new Pipe<>(4);

  @AfterEach
  void closeClock() {
    clock.close();
  }

  private <T> Probe<T> started(long demand, Stream<T> stream) {
    Probe<T> probe = new Probe<>(demand);
    ThreadContext.bindClock(clock);
    try {
      probe.run(stream);
    } finally {
      ThreadContext.bindClock(null);
    }
    return probe;
  }

  private void advance(long millis) {
    clock.advance(Duration.ofMillis(millis));
    clock.settle();
  }

  private Probe<Integer> startedWith(long demand, Transform<Integer, Integer> timeout) {
    return started(demand, pipe.reader().stream().via(timeout));
  }

  private static void assertTimedOut(String text, Probe<?> probe, Pipe<?> source) {
    assertEquals("fail", probe.end());
    assertInstanceOf(TimeoutException.class, probe.failure());
    assertEquals(text, probe.failure().getMessage());
    assertSame(probe.failure(), source.writer().readerClosed().get().orElseThrow());
  }

  /* ------ Ticks ------ */

  @Test
  void ticks_comeAtTheEndOfEachInterval() {
    Probe<Long> probe = started(10, Stream.ticks(SECOND));
    advance(999);
    assertEquals(List.of(), probe.elements());
    advance(1);
    assertEquals(List.of(0L), probe.elements());
    advance(2_500);
    assertEquals(List.of(0L, 1L, 2L), probe.elements());
    advance(500);
    assertEquals(List.of(0L, 1L, 2L, 3L), probe.elements());
    probe.cancel(null);
    advance(5_000);
    assertEquals(4, probe.elements().size());
  }

  @Test
  void ticks_areLeftOutWithoutDemand() {
    Probe<Long> probe = started(1, Stream.ticks(SECOND));
    advance(3_000);
    assertEquals(List.of(0L), probe.elements());
    probe.request(2);
    assertEquals(List.of(0L), probe.elements());
    advance(1_000);
    assertEquals(List.of(0L, 3L), probe.elements());
    probe.cancel(null);
  }

  @Test
  void ticks_countFromTheFirstRequest() {
    Probe<Long> probe = started(0, Stream.ticks(SECOND));
    advance(5_000);
    probe.request(5);
    advance(1_000);
    assertEquals(List.of(0L), probe.elements());
    probe.cancel(null);
  }

  @Test
  void ticks_ofNoLength() {
    assertEquals(
        "interval not positive: PT0S",
        assertThrows(IllegalArgumentException.class, () -> Stream.ticks(Duration.ZERO))
            .getMessage());
  }

  /* ------ Time-outs ------ */

  @Test
  void timeoutFirst_isOverWithTheFirstElement() {
    Probe<Integer> probe = startedWith(5, Transform.timeoutFirst(SECOND));
    advance(999);
    pipe.writer().write(1);
    advance(60_000);

    assertEquals("", probe.end());
    assertEquals(List.of(1), probe.elements());
  }

  @Test
  void timeoutFirst_fails() {
    Probe<Integer> probe = startedWith(5, Transform.timeoutFirst(SECOND));
    advance(1_000);

    assertTimedOut("no element within PT1S", probe, pipe);
  }

  @Test
  void timeoutFirst_countsFromTheFirstRequest() {
    Probe<Integer> probe = startedWith(0, Transform.timeoutFirst(SECOND));
    advance(60_000);
    assertEquals("", probe.end());
    probe.request(1);
    advance(999);
    assertEquals("", probe.end());
    advance(1);
    assertTimedOut("no element within PT1S", probe, pipe);
  }

  @Test
  void timeoutIdle_countsFromTheLastElement() {
    Probe<Integer> probe = startedWith(5, Transform.timeoutIdle(SECOND));
    advance(800);
    pipe.writer().write(1);
    advance(800);
    pipe.writer().write(2);
    advance(999);
    assertEquals("", probe.end());
    advance(1);

    assertTimedOut("no element for PT1S", probe, pipe);
    assertEquals(List.of(1, 2), probe.elements());
  }

  @Test
  void timeoutIdle_waitsForASlowConsumer() {
    Probe<Integer> probe = startedWith(1, Transform.timeoutIdle(SECOND));
    pipe.writer().write(1);
    advance(60_000);
    assertEquals("", probe.end());
    probe.request(1);
    advance(999);
    assertEquals("", probe.end());
    advance(1);

    assertTimedOut("no element for PT1S", probe, pipe);
  }

  @Test
  void timeoutTotal_fails() {
    Probe<Integer> probe = startedWith(5, Transform.timeoutTotal(SECOND));
    advance(500);
    pipe.writer().write(1);
    advance(499);
    assertEquals("", probe.end());
    advance(1);

    assertTimedOut("not complete within PT1S", probe, pipe);
  }

  @Test
  void timeouts_leaveNoTimerBehind() {
    for (Transform<Integer, Integer> timeout :
        List.of(
            Transform.<Integer>timeoutFirst(SECOND),
            Transform.<Integer>timeoutIdle(SECOND),
            Transform.<Integer>timeoutTotal(SECOND))) {
      Probe<Integer> ended = started(5, Stream.of(1).via(timeout));
      Pipe<Integer> idle = new Pipe<>(1);
      Probe<Integer> cancelled = started(5, idle.reader().stream().via(timeout));
      cancelled.cancel(null);
      advance(5_000);

      assertEquals("complete", ended.end());
      assertEquals("", cancelled.end());
    }
  }

  /* ------ Throttle ------ */

  @Test
  void throttle_asksTheLimiterForEach() {
    RateLimiter limiter = new RateLimiter(1, SECOND, 1, clock);
    Probe<Integer> probe = started(10, Stream.of(1, 2, 3).via(Transform.throttle(limiter)));
    assertEquals(List.of(1), probe.elements());
    advance(999);
    assertEquals(List.of(1), probe.elements());
    advance(1);
    assertEquals(List.of(1, 2), probe.elements());
    advance(1_000);
    assertEquals(List.of(1, 2, 3), probe.elements());
    assertEquals("complete", probe.end());
  }

  @Test
  void throttle_cancelTakesItsPlaceInTheLine() {
    RateLimiter limiter = new RateLimiter(1, SECOND, 1, clock);
    Probe<Integer> probe = started(10, Stream.of(1, 2, 3).via(Transform.throttle(limiter)));
    Future<Void> behind = limiter.acquire();
    probe.cancel(null);
    advance(1_000);

    assertTrue(behind.isReady());
    assertEquals(List.of(1), probe.elements());
  }

  @Test
  void throttle_failsWithAClosedLimiter() {
    RateLimiter limiter = new RateLimiter(1, SECOND, 1, clock);
    Probe<Integer> probe = started(10, Stream.of(1, 2, 3).via(Transform.throttle(limiter)));
    limiter.close();

    assertEquals("fail", probe.end());
    assertEquals("the limiter is closed", probe.failure().getMessage());
  }

  /* ------ Delays ------ */

  @Test
  void mapAsync_keepsTheOrderOfWhatIsReadyLate() {
    List<Promise<Integer>> promises = List.of(new Promise<>(), new Promise<>(), new Promise<>());
    Probe<Integer> probe =
        started(10, Stream.of(0, 1, 2).via(Transform.mapAsync(3, i -> promises.get(i).future())));
    promises.get(2).set(2);
    promises.get(1).set(1);
    assertEquals(List.of(), probe.elements());
    promises.get(0).set(0);

    assertEquals(List.of(0, 1, 2), probe.elements());
    assertEquals("complete", probe.end());
  }
}
