package io.libprocess.service.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.Timeline;
import io.libprocess.service.filter.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FailureAccrualTest {

  private static final Duration TEN = Duration.ofSeconds(10);

  private final Timeline time = new Timeline();
  private final TestSessions sessions = new TestSessions();
  private final Backoff times = Backoff.exponential(TEN, 2, Duration.ofSeconds(60));
  private final FailureAccrual<String, String> accrual =
      accrual(AccrualPolicy.consecutiveFailures(3, times));
  private final Service<String, String> service = accrual.perRequest();

  private FailureAccrual<String, String> accrual(AccrualPolicy policy) {
    return new FailureAccrual<>(sessions, policy, ResponseClassifier.standard(), time.clock());
  }

  private void answer(Future<String> answer) {
    sessions.answer = () -> answer;
    service.call("q");
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      answer(Future.failed("x"));
    }
  }

  private void assertStatus(ServiceStatus status) {
    assertEquals(status, accrual.status());
  }

  @Test
  void failuresInARow_makeItBusyForSomeTime() {
    fail(2);
    answer(Future.of("r"));
    fail(2);
    assertStatus(ServiceStatus.OPEN);
    fail(1);
    assertStatus(ServiceStatus.BUSY);
    time.advance(TEN.minusNanos(1));
    assertStatus(ServiceStatus.BUSY);
    time.advance(Duration.ofNanos(1));

    assertStatus(ServiceStatus.OPEN);
  }

  @Test
  void whatIsIgnorable_doesNotCount() {
    for (int i = 0; i < 10; i++) {
      answer(Future.discarded());
      answer(Future.failed(FlaggedFailure.of("x", FailureFlag.IGNORABLE)));
    }

    assertStatus(ServiceStatus.OPEN);
  }

  @Test
  void abandonedRequests_andMissingSessionsCount() {
    answer(Future.abandoned());
    sessions.failing("no route");
    service.call("q");
    service.call("q");

    assertStatus(ServiceStatus.BUSY);
  }

  /** It fails open. */
  @Test
  void busyEndpoint_isSentWhatComesAllTheSame() {
    fail(3);
    answer(Future.of("r"));

    assertEquals(4, sessions.asked);
    assertStatus(ServiceStatus.BUSY);
  }

  @Test
  void probe_isOneAtATime() {
    fail(3);
    time.advance(TEN);
    Promise<String> probe = new Promise<>();
    answer(probe.future());
    assertStatus(ServiceStatus.BUSY);
    answer(Future.of("another")); // Does not decide.
    assertStatus(ServiceStatus.BUSY);
    probe.set("r");

    assertStatus(ServiceStatus.OPEN);
  }

  @Test
  void probe_thatSucceedsMakesItAsNew() {
    fail(3);
    time.advance(TEN);
    answer(Future.of("r"));
    fail(2);
    assertStatus(ServiceStatus.OPEN);
    fail(1);
    time.advance(TEN);

    assertStatus(ServiceStatus.OPEN);
  }

  @Test
  void probe_thatFailsMakesItBusyForLonger() {
    fail(3);
    for (int seconds : new int[] {10, 20, 40, 60, 60}) {
      time.advance(Duration.ofSeconds(seconds).minusNanos(1));
      assertStatus(ServiceStatus.BUSY);
      time.advance(Duration.ofNanos(1));
      assertStatus(ServiceStatus.OPEN);
      fail(1);
      assertStatus(ServiceStatus.BUSY);
    }
  }

  /** However a probe ends that says nothing, the next request is another one. */
  @Test
  void probe_thatSaysNothingDoesNotWedgeTheEndpoint() {
    fail(3);
    time.advance(TEN);
    List<Supplier<Future<String>>> ends =
        List.of(
            Future::discarded, () -> Future.failed(FlaggedFailure.of("x", FailureFlag.IGNORABLE)));
    for (Supplier<Future<String>> end : ends) {
      answer(end.get());
      assertStatus(ServiceStatus.OPEN);
    }
    Promise<String> answer = new Promise<>();
    answer.future().onDiscard(answer::discard);
    sessions.answer = answer::future;
    Future<String> cancelled = service.call("q");
    assertStatus(ServiceStatus.BUSY);
    cancelled.discard();
    assertStatus(ServiceStatus.OPEN);

    Promise<Service<String, String>> session = sessions.later();
    session.future().onDiscard(session::discard);
    Future<Service<String, String>> given = accrual.acquire();
    assertStatus(ServiceStatus.BUSY);
    given.discard();
    assertStatus(ServiceStatus.OPEN);

    sessions.working();
    Service<String, String> unused = accrual.acquire().get();
    assertStatus(ServiceStatus.BUSY);
    unused.close(Duration.ZERO);
    assertStatus(ServiceStatus.OPEN);
    answer(Future.of("r"));
    fail(2);
    assertStatus(ServiceStatus.OPEN);
  }

  @Test
  void policyThatThrows_doesNotWedgeTheEndpoint() {
    AccrualPolicy broken =
        new AccrualPolicy() {
          @Override
          public void succeeded() {}

          @Override
          public Optional<Duration> failed() {
            return Optional.of(TEN);
          }

          @Override
          public Duration probeFailed() {
            throw new IllegalStateException("broken");
          }

          @Override
          public void revived() {
            throw new IllegalStateException("broken");
          }
        };
    FailureAccrual<String, String> watched = accrual(broken);
    sessions.answer = () -> Future.failed("x");
    watched.perRequest().call("q");
    time.advance(TEN);
    watched.perRequest().call("q");
    assertEquals(ServiceStatus.OPEN, watched.status());
    sessions.answer = () -> Future.of("r");
    watched.perRequest().call("q");
    assertEquals(ServiceStatus.OPEN, watched.status());
  }

  @Test
  void probe_withoutSessionHasFailed() {
    fail(3);
    time.advance(TEN);
    sessions.failing("no route");
    service.call("q");

    assertStatus(ServiceStatus.BUSY);
    time.advance(Duration.ofSeconds(20));
    assertStatus(ServiceStatus.OPEN);
  }

  @Test
  void stragglers_doNotDecide() {
    Promise<String> straggler = new Promise<>();
    answer(straggler.future());
    fail(3);
    time.advance(TEN);
    Promise<String> probe = new Promise<>();
    answer(probe.future());
    straggler.fail("late");
    assertStatus(ServiceStatus.BUSY);
    probe.set("r");

    assertStatus(ServiceStatus.OPEN);
  }

  @Test
  void status_isNotBetterThanThatOfTheSessions() {
    sessions.status = ServiceStatus.CLOSED;
    assertStatus(ServiceStatus.CLOSED);
    fail(3);
    assertStatus(ServiceStatus.CLOSED);
  }

  /* ------ Success rate ------ */

  private static final Duration WINDOW = Duration.ofSeconds(30);

  private final AccrualPolicy rate = AccrualPolicy.successRate(0.8, WINDOW, 5, times, time.clock());

  @Test
  void successRate_isJudgedAfterAWholeWindowOnly() {
    for (int i = 0; i < 29; i++) {
      time.advance(Duration.ofSeconds(1));
      assertEquals(Optional.empty(), rate.failed());
    }
    time.advance(Duration.ofSeconds(1));

    assertEquals(Optional.of(TEN), rate.failed());
  }

  @Test
  void successRate_isJudgedOfEnoughRequestsOnly() {
    time.advance(Duration.ofSeconds(100));
    for (int i = 0; i < 4; i++) {
      assertEquals(Optional.empty(), rate.failed());
      time.advance(Duration.ofSeconds(1));
    }

    assertEquals(Optional.of(TEN), rate.failed());
  }

  @Test
  void successRate_weighsOldRequestsLess() {
    for (int i = 0; i < 600; i++) {
      time.advanceMillis(100);
      rate.succeeded();
    }
    int failures = 0;
    while (rate.failed().isEmpty()) {
      failures++;
      time.advanceMillis(100);
    }

    // The share of success is e^(-t / 30 s), and that of 0.8 is reached after 6.7 s.
    assertTrue(failures >= 66 && failures <= 68, "" + failures);
  }

  @Test
  void successRate_beginsAnewWhenRevived() {
    time.advance(Duration.ofSeconds(100));
    for (int i = 0; i < 4; i++) {
      rate.failed();
    }
    rate.revived();

    assertEquals(Optional.empty(), rate.failed());
  }

  /* ------ Both ------ */

  @Test
  void or_takesTheLongerTime() {
    AccrualPolicy two =
        AccrualPolicy.consecutiveFailures(2, Backoff.constant(TEN))
            .or(AccrualPolicy.consecutiveFailures(3, Backoff.constant(WINDOW)));

    assertEquals(Optional.empty(), two.failed());
    assertEquals(Optional.of(TEN), two.failed());
    assertEquals(Optional.of(WINDOW), two.failed());
    assertEquals(WINDOW, two.probeFailed());
    two.succeeded();
    assertEquals(Optional.empty(), two.failed());
    two.revived();
    assertEquals(Optional.empty(), two.failed());
  }

  @Test
  void standard_leavesAloneFor5To300Seconds() {
    AccrualPolicy standard = AccrualPolicy.standard(time.clock(), new Random(1));
    for (int i = 0; i < 4; i++) {
      assertEquals(Optional.empty(), standard.failed());
    }
    Duration dead = standard.failed().orElseThrow();
    assertTrue(dead.toMillis() >= 5_000 && dead.toMillis() <= 10_000, dead.toString());
    for (int i = 0; i < 8; i++) {
      dead = standard.probeFailed();
    }

    assertEquals(Duration.ofSeconds(300), dead);
  }

  /** Nothing of it moves but with the clock. */
  @Test
  void deadEndpoint_staysSoWithoutTime() {
    fail(3);
    for (int i = 0; i < 1000; i++) {
      answer(Future.of("r"));
      assertStatus(ServiceStatus.BUSY);
    }
    assertEquals(0, time.timers());
  }
}
