package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import io.libprocess.time.Timeout;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clocks of processes while time is paused. */
class ProcessClockTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Node node = Node.start(Config.builder().clock(clock).workers(2).build());

  @AfterEach
  void close() {
    node.close();
    clock.close();
  }

  private static Instant at(long seconds) {
    return Instant.EPOCH.plusSeconds(seconds);
  }

  private PID<Plain> spawned() {
    PID<Plain> pid = node.spawn(new Plain());
    clock.settle();
    return pid;
  }

  @Test
  void order_advancingLeavesAProcessAndADispatchOfALaterOneLiftsIt() throws Exception {
    PID<Plain> first = spawned();
    Instant before = clock.now(first);
    clock.advance(SECOND);
    assertEquals(before, clock.now(first));

    PID<Plain> second = node.spawn(new Plain());
    assertEquals(at(1), clock.now(second));
    Expect.ready(Expect.ready(second.call(p -> first.call(q -> q))));
    assertEquals(at(1), clock.now(first));
  }

  @Test
  void order_movesAProcessToTheTimeOfAnotherButNotBack() {
    PID<Plain> first = spawned();
    PID<Plain> second = spawned();
    clock.advance(first, SECOND);
    clock.order(first, second);
    assertEquals(at(1), clock.now(second));
    clock.advance(second, SECOND);
    clock.order(first, second);
    assertEquals(at(2), clock.now(second));
    assertEquals(at(1), clock.now(first));
  }

  @Test
  void now_isTheProcesssInsideAndTheClocksOutside() throws Exception {
    PID<Plain> pid = spawned();
    clock.advance(pid, Duration.ofSeconds(7));
    assertEquals(at(0), clock.now());
    assertEquals(at(7), Expect.ready(pid.call(p -> clock.now())));
    assertEquals(at(7), Expect.ready(pid.call(p -> p.clock().now())));
    assertEquals(at(12), Expect.ready(pid.call(p -> Timeout.in(Duration.ofSeconds(5)))).time());
    assertEquals(at(0), Expect.ready(node.async(() -> clock.now())));
  }

  @Test
  void update_movesForwardAndResetAlsoBack() {
    PID<Plain> pid = spawned();
    clock.update(pid, at(5));
    clock.update(pid, at(3));
    assertEquals(at(5), clock.now(pid));
    clock.reset(pid, at(3));
    assertEquals(at(3), clock.now(pid));
    assertThrows(IllegalArgumentException.class, () -> clock.advance(pid, SECOND.negated()));
  }

  @Test
  void movingAProcess_firesNoTimer() throws Exception {
    PID<Plain> pid = spawned();
    Future<Void> timer = Expect.ready(pid.call(p -> Futures.after(SECOND)));
    clock.advance(pid, Duration.ofSeconds(5));
    clock.update(pid, at(9));
    clock.settle();
    assertTrue(timer.isPending());
    clock.advance(SECOND);
    clock.settle();
    assertTrue(timer.isReady());
  }

  @Test
  void event_fromNoProcessLiftsToTheClock() throws Exception {
    PID<Plain> pid = spawned();
    clock.advance(SECOND);
    assertEquals(at(0), clock.now(pid));
    node.post(pid, "hello", new byte[0]);
    assertEquals(at(1), clock.now(pid));
  }

  @Test
  void event_ofAProcessThatIsBehindLiftsNobody() throws Exception {
    PID<Plain> behind = spawned();
    PID<Plain> other = spawned();
    CountDownLatch advanced = new CountDownLatch(1);
    Future<Instant> told =
        behind.callAsync(
            p -> {
              advanced.await();
              return other.call(q -> clock.now());
            });
    clock.advance(SECOND);
    advanced.countDown();
    assertEquals(at(0), Expect.ready(told));
  }

  @Test
  void event_sentBeforeTheSpawnKeepsItsOrderToo() throws Exception {
    PID<Plain> ahead = spawned();
    clock.advance(ahead, SECOND);
    Plain unborn = new Plain();
    PID<Plain> pid = node.pid(unborn);
    Expect.ready(ahead.call(p -> pid.call(q -> q)));
    node.spawn(unborn);
    assertEquals(at(1), Expect.ready(pid.call(p -> clock.now())));
  }

  @Test
  void spawnedProcess_startsAtTheTimeOfItsCreator() throws Exception {
    PID<Plain> creator = spawned();
    clock.advance(creator, SECOND);
    PID<Plain> child = Expect.ready(creator.call(p -> node.spawn(new Plain())));
    assertEquals(at(1), clock.now(child));
    assertEquals(at(0), clock.now(spawned()));
  }

  @Test
  void terminate_liftsToTheTimeOfWhoAsks() throws Exception {
    PID<Plain> pid = spawned();
    clock.advance(SECOND);
    node.terminate(pid);
    Expect.ready(node.exit(pid));
    assertEquals(at(1), clock.now(pid));
  }

  @Test
  void exited_liftsToTheTimeOfTheEndedProcess() throws Exception {
    PID<Plain> linker = spawned();
    PID<Plain> linkee = spawned();
    Expect.ready(linker.call(p -> linkToAndReturn(p, linkee)));
    clock.advance(linkee, Duration.ofSeconds(3));
    node.terminate(linkee);
    clock.settle();
    assertEquals(at(3), clock.now(linker));
  }

  private static boolean linkToAndReturn(Plain process, UPID to) {
    process.link(to);
    return true;
  }

  @Test
  void timer_countsFromTheProcessAndLiftsItToItsDeadline() throws Exception {
    PID<Plain> pid = spawned();
    clock.advance(pid, Duration.ofSeconds(2));
    Promise<Instant> fired = new Promise<>();
    pid.dispatch(p -> p.delay(SECOND, q -> fired.set(clock.now())));
    clock.settle();
    clock.advance(Duration.ofSeconds(3).minusNanos(1));
    clock.settle();
    assertTrue(fired.future().isPending());
    clock.advance(Duration.ofNanos(1));
    clock.settle();
    assertEquals(at(3), Expect.ready(fired.future()));
  }

  @Test
  void timer_ofAProcessThatIsBehindIsDueAtOnce() throws Exception {
    PID<Plain> pid = spawned();
    CountDownLatch advanced = new CountDownLatch(1);
    Promise<Void> expired = new Promise<>();
    Future<Void> result =
        pid.callAsync(
            p -> {
              advanced.await();
              return expired.future().after(SECOND, late -> Future.done());
            });
    clock.advance(SECOND);
    advanced.countDown();
    Expect.ready(result);
  }

  @Test
  void timer_afterOneThatWasStartedAheadOfTheClockIsStillExact() throws Exception {
    PID<Plain> ahead = spawned();
    clock.advance(ahead, Duration.ofDays(1));
    Future<Void> later = Expect.ready(ahead.call(p -> Futures.after(SECOND)));
    Future<Void> sooner = Futures.after(Duration.ZERO);
    Promise<Void> due = new Promise<>();
    clock.timer(SECOND, () -> due.set(null));
    clock.advance(SECOND);
    clock.settle();
    assertTrue(due.future().isReady());
    assertTrue(later.isPending());
    Expect.ready(sooner); // By the system's clock: this thread belongs to no process.
  }

  @Test
  void timer_liftsItsCreatorBeforeItRuns() throws Exception {
    PID<Plain> pid = spawned();
    Promise<Instant> seen = new Promise<>();
    pid.dispatch(p -> clock.timer(SECOND, () -> seen.set(clock.now(pid))));
    clock.settle();
    clock.advance(Duration.ofSeconds(4));
    assertEquals(at(1), Expect.ready(seen.future()));
  }

  @Test
  void resume_endsTheClocksOfProcesses() throws Exception {
    PID<Plain> pid = spawned();
    clock.advance(pid, Duration.ofDays(1));
    clock.resume();
    assertTrue(clock.now(pid).isBefore(at(80_000)));
    clock.advance(pid, Duration.ofDays(1));
    clock.update(pid, at(80_000));
    clock.reset(pid, at(80_000));
    clock.order(pid, pid);
    assertTrue(clock.now(pid).isBefore(at(80_000)));

    clock.pause();
    Instant paused = clock.now();
    clock.advance(SECOND);
    assertEquals(paused, clock.now(pid));
    assertFalse(paused.isAfter(at(80_000)));
  }

  @Test
  void otherClock_tellsAProcessItsOwnTime() throws Exception {
    PID<Plain> pid = spawned();
    try (Clock other = Clock.paused(at(0))) {
      other.advance(SECOND);
      assertEquals(at(1), Expect.ready(pid.call(p -> other.now())));
    }
  }
}
