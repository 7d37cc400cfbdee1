package io.libprocess.service.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.Timeline;
import io.libprocess.service.filter.Backoff;
import io.libprocess.service.filter.RequestTimeoutException;
import io.libprocess.service.filter.RetryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Fail fast, and the other small factories around sessions. */
class FailFastTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Timeline time = new Timeline();
  private final TestSessions sessions = new TestSessions();
  private boolean others = true;
  private final FailFast<String, String> failFast =
      new FailFast<>(
          sessions,
          () -> others,
          Backoff.exponential(SECOND, 2, Duration.ofSeconds(4)),
          time.clock());

  /* ------ Fail fast ------ */

  @Test
  void failedAttempt_makesOthersFailAtOnce() {
    sessions.failing("refused");
    Throwable cause = failFast.acquire().failure();
    assertEquals(ServiceStatus.BUSY, failFast.status());
    Throwable failure = failFast.acquire().failure();

    assertEquals("the endpoint is down: refused", failure.getMessage());
    assertSame(cause, failure.getCause());
    assertEquals(1, sessions.asked);
  }

  @Test
  void oneAttemptAfterTheOther_isMadeInTheBackground() {
    sessions.failing("refused");
    failFast.acquire();
    List<Long> when = new ArrayList<>();
    int asked = sessions.asked;
    for (int i = 0; i < 120; i++) {
      time.advanceMillis(100);
      if (sessions.asked > asked) {
        asked = sessions.asked;
        when.add(time.elapsed().toMillis());
      }
    }
    assertEquals(List.of(1000L, 3000L, 7000L, 11_000L), when);
    sessions.working();
    time.advance(Duration.ofSeconds(4));

    assertEquals(ServiceStatus.OPEN, failFast.status());
    assertTrue(sessions.made.get(0).closed);
    assertEquals(0, time.timers());
    assertTrue(failFast.acquire().isReady());
  }

  @Test
  void withoutOthers_everybodyMayTry() {
    others = false;
    sessions.failing("refused");
    failFast.acquire();
    assertEquals(ServiceStatus.OPEN, failFast.status());
    sessions.working();

    assertTrue(failFast.acquire().isReady());
    assertEquals(0, time.timers());
  }

  @Test
  void discardedAttempt_saysNothing() {
    Promise<Service<String, String>> dial = sessions.later();
    dial.future().onDiscard(dial::discard);
    failFast.acquire().discard();

    assertEquals(ServiceStatus.OPEN, failFast.status());
    assertEquals(0, time.timers());
  }

  @Test
  void attempts_thatAreOverLetEverybodyTryAgain() {
    FailFast<String, String> few =
        new FailFast<>(sessions, () -> true, Backoff.constant(SECOND).take(2), time.clock());
    sessions.failing("refused");
    few.acquire();
    time.advance(Duration.ofSeconds(10));

    assertEquals(3, sessions.asked);
    assertEquals(ServiceStatus.OPEN, few.status());
  }

  @Test
  void close_endsTheAttempts() {
    sessions.failing("refused");
    failFast.acquire();
    failFast.close(SECOND);
    assertEquals(0, time.timers());
    assertTrue(sessions.closed);

    Promise<Service<String, String>> dial = sessions.later();
    FailFast<String, String> busy =
        new FailFast<>(sessions, () -> true, Backoff.constant(SECOND), time.clock());
    sessions.failing("refused");
    busy.acquire();
    sessions.next = dial::future;
    time.advance(SECOND);
    busy.close(SECOND);
    assertTrue(dial.future().hasDiscard());
    dial.fail("gave up");
    assertEquals(0, time.timers());
  }

  @Test
  void standardTimes_growFrom1To32Seconds() {
    Optional<Backoff.Step> step = FailFast.standardTimes(new Random(1)).step();
    assertTrue(step.orElseThrow().delay().compareTo(SECOND) < 0);
    for (int i = 0; i < 20; i++) {
      step = step.orElseThrow().next().step();
    }

    assertEquals(Duration.ofSeconds(32), step.orElseThrow().delay());
  }

  /* ------ Life ------ */

  @Test
  void sessionLife_closesWhatIsOld() {
    Pool<String, String> pool =
        new Pool<>(
            new SessionLife<>(sessions, Duration.ofSeconds(5), time.clock()),
            PoolSettings.defaults(),
            time.clock());
    Service<String, String> session = pool.acquire().get();
    time.advance(Duration.ofSeconds(4));
    session.close(Duration.ZERO);
    assertEquals(1, pool.size());
    time.advance(SECOND);
    assertEquals(0, pool.size());
    pool.acquire().get();

    assertTrue(sessions.made.get(0).closed);
    assertEquals(2, sessions.made.size());
  }

  @Test
  void pendingLimit_isThatOfEachSession() {
    sessions.answer = () -> new Promise<String>().future();
    PendingLimit<String, String> limited = new PendingLimit<>(sessions, 1);
    Service<String, String> one = limited.acquire().get();
    Service<String, String> two = limited.acquire().get();

    assertTrue(one.call("q").isPending());
    assertTrue(FlaggedFailure.has(one.call("q").failure(), FailureFlag.REJECTED));
    assertTrue(two.call("q").isPending());
  }

  /* ------ Acquisition ------ */

  @Test
  void acquisitionTimeout_failsAndLosesNoSession() {
    AcquisitionTimeout<String, String> limited =
        new AcquisitionTimeout<>(sessions, SECOND, time.clock());
    Promise<Service<String, String>> dial = sessions.later();
    Future<Service<String, String>> session = limited.acquire();
    time.advance(SECOND);
    assertEquals("no session within PT1S", session.failure().getMessage());
    assertTrue(session.failure() instanceof RequestTimeoutException);
    assertTrue(dial.future().hasDiscard());
    dial.set(sessions.session());

    assertEquals(0, sessions.open());
  }

  private AcquisitionRetry<String, String> retrying(int attempts) {
    return new AcquisitionRetry<>(sessions, attempts, RetryBudget.standard(time.clock()));
  }

  @Test
  void acquisitionRetry_triesSeveralTimes() {
    sessions.next =
        () -> sessions.asked < 3 ? Future.failed("refused") : Future.of(sessions.session());

    assertTrue(retrying(25).acquire().isReady());
    assertEquals(3, sessions.asked);
  }

  @Test
  void acquisitionRetry_endsAfterTheLastAttempt() {
    sessions.failing("refused");
    Throwable failure = retrying(25).acquire().failure();

    assertTrue(FlaggedFailure.has(failure, FailureFlag.NON_RETRYABLE));
    assertEquals(25, sessions.asked);
  }

  @Test
  void acquisitionRetry_endsWhenNothingIsOpen() {
    sessions.failing("refused");
    sessions.status = ServiceStatus.BUSY;
    Throwable failure = retrying(25).acquire().failure();

    assertEquals("refused", failure.getMessage());
    assertEquals(1, sessions.asked);
  }

  @Test
  void acquisitionRetry_keepsToTheBudget() {
    sessions.failing("refused");
    AcquisitionRetry<String, String> retry =
        new AcquisitionRetry<>(sessions, 25, new RetryBudget(SECOND, 2, 0.2, time.clock()));

    assertTrue(FlaggedFailure.has(retry.acquire().failure(), FailureFlag.NON_RETRYABLE));
    assertEquals(3, sessions.asked);
  }

  @Test
  void acquisitionRetry_thatIsDiscardedEnds() {
    Promise<Service<String, String>> dial = sessions.later();
    Future<Service<String, String>> session = retrying(25).acquire();
    session.discard();
    dial.set(sessions.session());
    assertTrue(session.isDiscarded());
    assertEquals(0, sessions.open());

    Promise<Service<String, String>> failing = sessions.later();
    Future<Service<String, String>> second = retrying(25).acquire();
    second.discard();
    failing.fail("refused");
    assertTrue(second.isFailed());
    assertEquals(2, sessions.asked);
  }
}
