package io.libprocess.service.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.Timeline;
import io.libprocess.support.Expect;
import io.libprocess.support.SmallStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PoolTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Timeline time = new Timeline();
  private final TestSessions sessions = new TestSessions();

  private Pool<String, String> pool(PoolSettings settings) {
    return new Pool<>(sessions, settings, time.clock());
  }

  private static PoolSettings limited(int high, int waiters) {
    return PoolSettings.defaults().withHigh(high).withWaiters(waiters);
  }

  private static void giveBack(Service<?, ?> session) {
    session.close(Duration.ZERO);
  }

  @Test
  void session_isUsedAgain() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    for (int i = 0; i < 3; i++) {
      Service<String, String> session = pool.acquire().get();
      assertEquals("r", session.call("q").get());
      assertEquals(0, pool.idle());
      giveBack(session);
      giveBack(session);
      assertEquals(1, pool.idle());
    }

    assertEquals(1, sessions.made.size());
    assertEquals(3, sessions.made.get(0).calls);
    assertEquals(1, pool.size());
  }

  @Test
  void session_thatWasGivenBackTakesNothing() {
    Service<String, String> session = pool(PoolSettings.defaults()).acquire().get();
    giveBack(session);

    assertTrue(session.call("q").isFailed());
    assertEquals(ServiceStatus.CLOSED, session.status());
    assertEquals(0, sessions.made.get(0).calls);
  }

  @Test
  void deadSession_isNeverHandedOut() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    Service<String, String> one = pool.acquire().get();
    Service<String, String> two = pool.acquire().get();
    giveBack(two);
    sessions.made.get(1).status = ServiceStatus.CLOSED; // While it is idle.
    sessions.made.get(0).status = ServiceStatus.CLOSED; // While it is in use.
    giveBack(one);
    assertTrue(sessions.made.get(0).closed);

    pool.acquire();
    assertEquals(3, sessions.made.size());
    assertTrue(sessions.made.get(1).closed);
    assertEquals(1, pool.size());
  }

  @Test
  void session_thatIsBeingClosedKeepsItsPlace() {
    Promise<Void> gone = new Promise<>();
    sessions.closing = gone::future;
    Pool<String, String> pool = pool(limited(1, 1).withIdleLife(Duration.ZERO));
    Service<String, String> first = pool.acquire().get();
    Future<Service<String, String>> second = pool.acquire();
    sessions.made.get(0).status = ServiceStatus.CLOSED;
    giveBack(first);

    assertTrue(sessions.made.get(0).closed);
    assertEquals(1, sessions.made.size()); // There would be two otherwise.
    assertTrue(second.isPending());
    assertEquals(1, pool.size());
    gone.set(null);
    assertTrue(second.isReady());
    assertEquals(2, sessions.made.size());
    assertEquals(1, pool.size());
  }

  @Test
  void session_thatIsNeverClosedGivesItsPlaceBackInTheEnd() {
    List<Supplier<Future<Void>>> ways =
        List.of(
            () -> new Promise<Void>().future(),
            Future::abandoned,
            () -> Future.failed("broken"),
            () -> null,
            () -> {
              throw new IllegalStateException("broken");
            });
    for (Supplier<Future<Void>> way : ways) {
      sessions.closing = way;
      Pool<String, String> pool = pool(limited(1, 1).withIdleLife(Duration.ZERO));
      giveBack(pool.acquire().get());
      Future<Service<String, String>> next = pool.acquire();
      time.advance(Duration.ofSeconds(10));
      assertTrue(next.isReady());
      assertEquals(1, pool.size());
    }
  }

  @Test
  void size_doesNotCountTheDead() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    giveBack(pool.acquire().get());
    sessions.made.get(0).status = ServiceStatus.CLOSED;

    assertEquals(0, pool.size());
    assertTrue(sessions.made.get(0).closed);
  }

  @Test
  void waiters_areServedInOrderAndTheRestIsRefused() {
    Pool<String, String> pool = pool(limited(1, 2));
    Service<String, String> session = pool.acquire().get();
    Future<Service<String, String>> first = pool.acquire();
    Future<Service<String, String>> second = pool.acquire();
    Throwable refused = pool.acquire().failure();
    assertTrue(FlaggedFailure.has(refused, FailureFlag.REJECTED));
    assertEquals(2, pool.waiting());

    giveBack(session);
    assertTrue(first.isReady());
    assertTrue(second.isPending());
    giveBack(first.get());
    giveBack(second.get());
    assertEquals(1, sessions.made.size());
    assertEquals(1, pool.idle());
  }

  @Test
  void discardedWaiter_isRemoved() {
    Pool<String, String> pool = pool(limited(1, 1));
    Service<String, String> session = pool.acquire().get();
    Future<Service<String, String>> waiting = pool.acquire();
    waiting.discard();
    assertTrue(waiting.isDiscarded());
    assertEquals(0, pool.waiting());
    giveBack(session);

    assertEquals(1, pool.idle());
  }

  @Test
  void deadSession_makesRoomForWhoWaits() {
    Pool<String, String> pool = pool(limited(1, 1));
    Service<String, String> session = pool.acquire().get();
    Future<Service<String, String>> waiting = pool.acquire();
    sessions.made.get(0).status = ServiceStatus.CLOSED;
    giveBack(session);

    assertTrue(waiting.isReady());
    assertEquals(2, sessions.made.size());
    assertEquals(1, pool.size());
  }

  @Test
  void failedAttempt_failsWhoAskedAndMakesRoomForTheNext() {
    Pool<String, String> pool = pool(limited(1, 2));
    Promise<Service<String, String>> dial = sessions.later();
    Future<Service<String, String>> first = pool.acquire();
    Future<Service<String, String>> second = pool.acquire();
    sessions.working();
    dial.fail("no route");

    assertEquals("no route", first.failure().getMessage());
    assertTrue(second.isReady());
    assertEquals(1, pool.size());
  }

  @Test
  void manyWaiters_thatAllFailNeedNoStack() {
    Pool<String, String> pool = pool(limited(1, 20_000));
    Promise<Service<String, String>> dial = sessions.later();
    List<Future<Service<String, String>>> all = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      all.add(pool.acquire());
    }
    sessions.failing("down");
    SmallStack.run(() -> dial.fail("down"));

    assertTrue(all.stream().allMatch(Future::isFailed));
    assertEquals(0, pool.size());
  }

  @Test
  void discardedAttempt_givesItsSessionToThePool() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    Promise<Service<String, String>> dial = sessions.later();
    Future<Service<String, String>> session = pool.acquire();
    session.discard();
    assertTrue(dial.future().hasDiscard());
    dial.set(sessions.session());

    assertTrue(session.isDiscarded());
    assertEquals(1, pool.idle());
  }

  @Test
  void discardedAttempt_thatIsGivenUpCountsNoMore() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    Promise<Service<String, String>> dial = sessions.later();
    Future<Service<String, String>> session = pool.acquire();
    assertEquals(1, pool.size());
    session.discard();
    dial.discard();

    assertTrue(session.isDiscarded());
    assertEquals(0, pool.size());
  }

  @Test
  void abandonedAttempt_countsNoMoreAndLosesNoSession() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    Promise<Service<String, String>> dial = sessions.later();
    Future<Service<String, String>> session = pool.acquire();
    dial.abandon();
    assertTrue(session.isAbandoned());
    assertEquals(0, pool.size());
    dial.set(sessions.session());

    assertEquals(0, sessions.open());
  }

  @Test
  void brokenSession_countsNoMore() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    Service<String, String> broken =
        new Service<>() {
          @Override
          public Future<String> apply(String request) {
            return Future.of("r");
          }

          @Override
          public ServiceStatus status() {
            throw new IllegalStateException("broken");
          }

          @Override
          public Future<Void> close(Duration limit) {
            throw new IllegalStateException("broken");
          }
        };
    sessions.next = () -> Future.of(broken);
    giveBack(pool.acquire().get());

    assertEquals(0, pool.size());
  }

  @Test
  void factoryThatThrows_isAFailedAttempt() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    sessions.next =
        () -> {
          throw new OutOfMemoryError("none left");
        };

    assertEquals("none left", pool.acquire().failure().getMessage());
    assertEquals(0, pool.size());
  }

  /* ------ Idle life ------ */

  @Test
  void idleSessions_areKeptForSomeTimeBeyondTheLowNumber() {
    Pool<String, String> pool =
        pool(PoolSettings.defaults().withLow(1).withIdleLife(Duration.ofSeconds(10)));
    List<Service<String, String>> used = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      used.add(pool.acquire().get());
    }
    for (Service<String, String> session : used) {
      giveBack(session);
      time.advance(SECOND);
    }
    assertEquals(4, pool.idle());
    time.advance(Duration.ofSeconds(6)); // 10 s after the first.
    assertEquals(3, pool.size());
    time.advance(SECOND);
    assertEquals(2, pool.size());
    giveBack(pool.acquire().get()); // The last one: it is not idle any more.
    time.advance(Duration.ofSeconds(60));

    assertEquals(1, pool.size());
    assertFalse(sessions.made.get(3).closed);
    assertEquals(0, time.timers());
  }

  @Test
  void withoutIdleLife_sessionsBeyondTheLowNumberAreClosedAtOnce() {
    Pool<String, String> pool =
        pool(PoolSettings.defaults().withLow(1).withIdleLife(Duration.ZERO));
    Service<String, String> one = pool.acquire().get();
    Service<String, String> two = pool.acquire().get();
    giveBack(one);
    assertTrue(sessions.made.get(0).closed);
    giveBack(two);

    assertFalse(sessions.made.get(1).closed);
    assertEquals(1, pool.size());
  }

  /* ------ The end ------ */

  @Test
  void close_waitsForWhatIsInUseUpToALimit() {
    Pool<String, String> pool = pool(limited(2, 5));
    Service<String, String> one = pool.acquire().get();
    Service<String, String> two = pool.acquire().get();
    Future<Service<String, String>> waiting = pool.acquire();
    Future<Void> closed = pool.close(SECOND);
    assertTrue(waiting.isFailed());
    assertTrue(pool.acquire().isFailed());
    assertEquals(ServiceStatus.CLOSED, pool.status());
    giveBack(one);
    assertTrue(sessions.made.get(0).closed);
    assertTrue(closed.isPending());
    time.advance(SECOND);

    assertTrue(closed.isReady());
    assertTrue(sessions.made.get(1).closed);
    giveBack(two);
    assertEquals(0, pool.size());
  }

  @Test
  void close_isDoneWhenNothingIsInUse() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    assertTrue(pool(PoolSettings.defaults()).close(SECOND).isReady());
    Service<String, String> one = pool.acquire().get();
    giveBack(pool.acquire().get());
    Future<Void> closed = pool.close(SECOND);
    assertTrue(sessions.made.get(1).closed);
    giveBack(one);

    assertTrue(closed.isReady());
    assertEquals(0, time.timers());
    assertTrue(pool.close(SECOND).isReady());
  }

  @Test
  void sessionThatComesAfterTheEnd_isClosed() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    Promise<Service<String, String>> dial = sessions.later();
    Future<Service<String, String>> late = pool.acquire();
    pool.close(SECOND);
    dial.set(sessions.session());
    assertEquals(0, sessions.open());
    giveBack(late.get());

    assertEquals(0, pool.size());
  }

  /** Recursion that exhausts the stack somewhere on the way to a session or back loses none. */
  @Test
  void exhaustedStack_losesNoSession() {
    Pool<String, String> pool = pool(PoolSettings.defaults());
    Service<String, String> service = pool.perRequest();
    sessions.answer = () -> service.call("q");
    SmallStack.run(() -> assertTrue(service.call("q").isFailed()));

    assertTrue(sessions.made.size() > 10);
    Expect.until(() -> pool.idle() == pool.size());
    assertEquals(sessions.open(), pool.size());
  }

  /** Whatever happens, each session that is open is counted, and each that is counted is open. */
  @Test
  void anyHistory_leavesThePoolRight() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      TestSessions own = new TestSessions();
      Pool<String, String> pool =
          new Pool<>(own, limited(1 + random.nextInt(4), random.nextInt(4)), time.clock());
      List<Future<Service<String, String>>> acquired = new ArrayList<>();
      List<Promise<Service<String, String>>> dials = new ArrayList<>();
      own.next =
          () -> {
            Promise<Service<String, String>> dial = new Promise<>();
            dials.add(dial);
            return dial.future();
          };
      for (int i = 0; i < 100; i++) {
        switch (random.nextInt(6)) {
          case 0, 1 -> acquired.add(pool.acquire());
          case 2 -> pick(random, acquired).ifPresent(Future::discard);
          case 3 ->
              pick(random, acquired).filter(Future::isReady).ifPresent(s -> giveBack(s.get()));
          case 4 -> own.made.stream().findAny().ifPresent(s -> s.status = ServiceStatus.CLOSED);
          default -> pick(random, dials).ifPresent(dial -> end(random, dial, own));
        }
      }
      while (pool.waiting() > 0 || dials.stream().anyMatch(dial -> dial.future().isPending())) {
        List.copyOf(dials).forEach(dial -> dial.fail("over"));
        acquired.stream().filter(Future::isReady).forEach(s -> giveBack(s.get()));
      }
      acquired.stream().filter(Future::isReady).forEach(s -> giveBack(s.get()));
      int size = pool.size();
      assertEquals(size, own.open(), "seed " + seed);
      assertEquals(size, pool.idle(), "seed " + seed);
      assertEquals(0, pool.waiting(), "seed " + seed);
    }
  }

  private static <T> Optional<T> pick(Random random, List<T> all) {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }

  private static void end(
      Random random, Promise<Service<String, String>> dial, TestSessions sessions) {
    if (dial.future().isPending()) {
      switch (random.nextInt(3)) {
        case 0 -> dial.fail("x");
        case 1 -> dial.discard();
        default -> dial.set(sessions.session());
      }
    }
  }

  @Test
  @Timeout(300)
  void manyThreads_loseNoSession() throws Exception {
    TestSessions own = new TestSessions();
    Object lock = new Object();
    own.next =
        () -> {
          synchronized (lock) {
            return Future.of(own.session());
          }
        };
    Pool<String, String> pool = new Pool<>(own, limited(3, 100), time.clock());
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 3_000; i++) {
                  Future<Service<String, String>> one = pool.acquire();
                  if (random.nextBoolean()) {
                    one.discard();
                  }
                  one.onReady(PoolTest::giveBack);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(0, pool.waiting());
    assertEquals(pool.size(), pool.idle());
    assertTrue(pool.size() <= 3);
    assertEquals(own.open(), pool.size());
  }

  @Test
  void settings_areChecked() {
    PoolSettings defaults = PoolSettings.defaults();
    assertThrows(IllegalArgumentException.class, () -> defaults.withLow(-1));
    assertThrows(IllegalArgumentException.class, () -> defaults.withHigh(0));
    assertThrows(IllegalArgumentException.class, () -> defaults.withLow(3).withHigh(2));
    assertThrows(IllegalArgumentException.class, () -> defaults.withWaiters(-1));
    assertThrows(
        IllegalArgumentException.class, () -> defaults.withIdleLife(Duration.ofSeconds(-1)));
  }
}
