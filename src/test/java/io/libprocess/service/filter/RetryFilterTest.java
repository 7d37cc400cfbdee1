package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.Filter;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.Timeline;
import io.libprocess.support.SmallStack;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both filters that retry: by a policy, and what is safe. */
class RetryFilterTest {

  private static final Duration TEN_MS = Duration.ofMillis(10);

  private final Timeline time = new Timeline();
  private final RetryBudget budget = RetryBudget.standard(time.clock());
  private final Deque<Future<String>> answers = new ArrayDeque<>();
  private final List<Long> calls = new ArrayList<>(); // When, in milliseconds.
  private final List<Integer> numbers = new ArrayList<>(); // Of the attempts.
  private final List<String> dropped = new ArrayList<>();
  private ServiceStatus status = ServiceStatus.OPEN;

  private final Service<String, String> server =
      new Service<>() {
        @Override
        public Future<String> apply(String request) {
          calls.add(time.elapsed().toMillis());
          numbers.add(AttemptNumber.current());
          return answers.isEmpty() ? retryable("always") : answers.poll();
        }

        @Override
        public ServiceStatus status() {
          return status;
        }
      };

  private static <T> Future<T> retryable(String message) {
    return Future.failed(FlaggedFailure.of(message, FailureFlag.RETRYABLE));
  }

  private Service<String, String> retrying(Backoff backoff) {
    RetryPolicy<String, String> policy =
        RetryPolicy.withBackoff(
            backoff, (request, outcome) -> !outcome.isReady() || outcome.get().equals("bad"));
    return new RetryFilter<>(policy, budget, time.clock(), dropped::add).andThen(server);
  }

  private Service<String, String> requeueing() {
    return new RequeueFilter<String, String>(budget, true).andThen(server);
  }

  /* ------ By a policy ------ */

  @Test
  void policy_waitsBetweenAttempts() {
    answers.addAll(List.of(Future.failed("x"), Future.of("bad"), Future.of("good")));
    Future<String> response =
        retrying(Backoff.linear(TEN_MS, TEN_MS, TEN_MS.multipliedBy(9))).call("q");
    time.advanceMillis(29);
    assertTrue(response.isPending());
    time.advanceMillis(1);

    assertEquals("good", response.get());
    assertEquals(List.of(0L, 10L, 30L), calls);
    assertEquals(List.of(0, 1, 2), numbers);
    assertEquals(List.of("bad"), dropped);
  }

  @Test
  void policy_thatIsOverPassesTheOutcomeOn() {
    answers.addAll(List.of(Future.of("bad"), Future.of("bad")));
    Future<String> response = retrying(Backoff.constant(Duration.ZERO).take(1)).call("q");

    assertEquals("bad", response.get());
    assertEquals(2, calls.size());
    assertEquals(List.of("bad"), dropped);
  }

  @Test
  void tries_isTheNumberOfAttempts() {
    RetryPolicy<String, String> policy =
        RetryPolicy.tries(3, ResponseClassifier.standard(), new Random(1));
    Service<String, String> service =
        new RetryFilter<>(policy, budget, time.clock()).andThen(server);
    Future<String> response = service.call("q");
    time.advance(Duration.ofSeconds(1));

    assertTrue(response.isFailed());
    assertEquals(3, calls.size());
    assertTrue(calls.get(1) >= 5 && calls.get(1) <= 15, calls.toString());
    answers.add(Future.failed("not retryable"));
    assertTrue(service.call("q").isFailed());
    assertEquals(4, calls.size());
  }

  @Test
  void policy_doesNotOverrideFlags() {
    for (FailureFlag flag : List.of(FailureFlag.NON_RETRYABLE, FailureFlag.INTERRUPTED)) {
      calls.clear();
      FlaggedFailure failure = FlaggedFailure.of("no", flag);
      answers.add(Future.failed(failure));

      assertSame(failure, retrying(Backoff.constant(Duration.ZERO)).call("q").failure());
      assertEquals(1, calls.size());
    }
    answers.add(Future.discarded());
    assertTrue(retrying(Backoff.constant(Duration.ZERO)).call("q").isDiscarded());
  }

  @Test
  void policy_countsTheRequestOnceAtItsStart() {
    while (budget.tryWithdraw()) {}
    for (int i = 0; i < 5; i++) {
      answers.add(Future.of("good"));
      retrying(Backoff.none()).call("q");
    }

    assertEquals(1, budget.balance());
  }

  @Test
  void policy_whoseBudgetIsEmptyTellsOthersNotToRetry() {
    Future<String> response = retrying(Backoff.constant(Duration.ZERO)).call("q");

    assertTrue(FlaggedFailure.has(response.failure(), FailureFlag.NON_RETRYABLE));
    assertEquals(101, calls.size());
    assertEquals(0, budget.balance());
  }

  @Test
  void discard_endsTheWait() {
    Future<String> response = retrying(Backoff.constant(TEN_MS)).call("q");
    assertEquals(1, time.timers());
    response.discard();

    assertTrue(response.isDiscarded());
    assertEquals(0, time.timers());
    time.advance(Duration.ofSeconds(1));
    assertEquals(1, calls.size());
  }

  @Test
  void discard_reachesTheAttemptUnderWayAndIsTheLast() {
    Promise<String> second = new Promise<>();
    answers.addAll(List.of(Future.failed("x"), second.future()));
    Future<String> response = retrying(Backoff.constant(TEN_MS)).call("q");
    time.advance(TEN_MS);
    response.discard();
    assertTrue(second.future().hasDiscard());
    second.fail("gave up");

    assertEquals("gave up", response.failure().getMessage());
    time.advance(Duration.ofSeconds(1));
    assertEquals(2, calls.size());
  }

  @Test
  void abandonment_isPassedOn() {
    answers.add(Future.abandoned());
    RetryPolicy<String, String> none = RetryPolicy.none();
    assertTrue(
        new RetryFilter<>(none, budget, time.clock()).andThen(server).call("q").isAbandoned());
    answers.add(Future.abandoned());
    assertTrue(requeueing().call("q").isAbandoned());
  }

  @Test
  void policy_thatThrowsFailsTheRequest() {
    RetryPolicy<String, String> broken =
        (request, outcome) -> {
          throw new Exception("broken");
        };

    assertEquals(
        "broken",
        new RetryFilter<>(broken, budget, time.clock())
            .andThen(server)
            .call("q")
            .failure()
            .getMessage());
  }

  /** Attempts that fail at once do not nest. */
  @Test
  void manyAttempts_needNoStack() {
    RetryBudget large = new RetryBudget(Duration.ofSeconds(60), 100_000, 1, time.clock());
    Backoff backoff = Backoff.constant(Duration.ZERO).take(20_000);
    RetryPolicy<String, String> policy =
        RetryPolicy.withBackoff(backoff, (request, outcome) -> true);
    Service<String, String> service =
        new RetryFilter<>(policy, large, time.clock()).andThen(server);

    SmallStack.run(() -> assertTrue(service.call("q").isFailed()));
    assertEquals(20_001, calls.size());
  }

  /* ------ What is safe ------ */

  @Test
  void requeue_triesAgainAtOnceWhatWasNotDone() {
    answers.addAll(List.of(retryable("1"), retryable("2"), Future.of("good")));

    assertEquals("good", requeueing().call("q").get());
    assertEquals(List.of(0, 1, 2), numbers);
  }

  @Test
  void requeue_triesNothingElseAgain() {
    for (Future<String> outcome :
        List.<Future<String>>of(
            Future.failed("x"),
            Future.discarded(),
            Future.failed(FlaggedFailure.of("x", FailureFlag.REJECTED)),
            Future.failed(FlaggedFailure.of("x", FailureFlag.RETRYABLE, FailureFlag.INTERRUPTED)),
            Future.failed(FlaggedFailure.of("x", FailureFlag.NON_RETRYABLE)))) {
      calls.clear();
      answers.add(outcome);
      Future<String> response = requeueing().call("q");
      assertEquals(1, calls.size());
      assertEquals(outcome.isFailed(), response.isFailed());
    }
  }

  @Test
  void requeue_stopsWhenTheServiceIsNotOpen() {
    status = ServiceStatus.BUSY;
    Future<String> response = requeueing().call("q");

    assertEquals(1, calls.size());
    assertTrue(FlaggedFailure.has(response.failure(), FailureFlag.RETRYABLE));
  }

  @Test
  void requeue_takesAFifthOfTheBalanceForOneRequestAtMost() {
    Future<String> response = requeueing().call("q");

    assertEquals(1 + 20, calls.size());
    assertTrue(FlaggedFailure.has(response.failure(), FailureFlag.NON_RETRYABLE));
    assertFalse(FlaggedFailure.has(response.failure(), FailureFlag.RETRYABLE));
    assertEquals(80, budget.balance());
  }

  @Test
  void requeue_countsRequestsThatSucceed() {
    while (budget.tryWithdraw()) {}
    for (int i = 0; i < 5; i++) {
      answers.add(Future.failed("x"));
      requeueing().call("q");
    }
    assertEquals(0, budget.balance());
    for (int i = 0; i < 5; i++) {
      Promise<String> later = new Promise<>();
      answers.add(i % 2 == 0 ? Future.of("good") : later.future());
      requeueing().call("q");
      later.set("good");
    }
    assertEquals(1, budget.balance());
  }

  @Test
  void requeue_whoseDiscardedAttemptFailsDoesNotTryAgain() {
    Promise<String> first = new Promise<>();
    answers.add(first.future());
    Future<String> response = requeueing().call("q");
    response.discard();
    first.fail(FlaggedFailure.of("reset", FailureFlag.RETRYABLE));

    assertEquals("reset", response.failure().getMessage());
    assertEquals(1, calls.size());
  }

  @Test
  void stripRetryable_hidesTheFlagFromTheApplication() {
    Filter<String, String, String, String> strip = new StripRetryable<>();
    Exception cause = new Exception("x");
    answers.add(Future.failed(FlaggedFailure.with(cause, FailureFlag.RETRYABLE)));
    assertSame(cause, strip.andThen(server).call("q").failure());

    answers.add(Future.failed(FlaggedFailure.of("x", FailureFlag.RETRYABLE, FailureFlag.REJECTED)));
    Throwable failure = strip.andThen(server).call("q").failure();
    assertTrue(FlaggedFailure.has(failure, FailureFlag.REJECTED));
    assertFalse(FlaggedFailure.has(failure, FailureFlag.RETRYABLE));
    answers.add(Future.of("r"));
    assertEquals("r", strip.andThen(server).call("q").get());
  }

  /** The numbers of both filters add up, so that a server sees that it is no first attempt. */
  @Test
  void numbersOfAttempts_addUp() {
    RetryPolicy<String, String> once =
        RetryPolicy.withBackoff(
            Backoff.constant(TEN_MS).take(1), (request, outcome) -> !outcome.isReady());
    Service<String, String> both =
        new RetryFilter<>(once, budget, time.clock())
            .andThen(new RequeueFilter<String, String>(budget, false))
            .andThen(server);
    answers.add(retryable("refused"));
    answers.add(Future.failed("x"));
    answers.add(retryable("refused"));
    answers.add(Future.of("r"));
    Future<String> response = both.call("q");
    time.advance(TEN_MS);

    assertEquals("r", response.get());
    assertEquals(List.of(0, 1, 1, 2), numbers);
  }

  /** What a client sends because of a request that was repeated is a first attempt all the same. */
  @Test
  void fresh_beginsAnew() {
    Service<String, String> inner = AttemptNumber.<String, String>fresh().andThen(server);
    RetryPolicy<String, String> once =
        RetryPolicy.withBackoff(
            Backoff.constant(Duration.ZERO).take(1), (request, outcome) -> !outcome.isReady());
    answers.add(Future.failed("x"));
    answers.add(Future.of("r"));
    List<Integer> outer = new ArrayList<>();
    Service<String, String> service =
        new RetryFilter<>(once, budget, time.clock())
            .andThen(
                request -> {
                  outer.add(AttemptNumber.current());
                  return inner.call(request);
                });

    assertEquals("r", service.call("q").get());
    assertEquals(List.of(0, 1), outer);
    assertEquals(List.of(0, 0), numbers);
  }
}
