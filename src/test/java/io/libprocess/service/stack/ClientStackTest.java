package io.libprocess.service.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Context;
import io.libprocess.context.ContextKey;
import io.libprocess.context.Deadline;
import io.libprocess.context.Trace;
import io.libprocess.context.Trace.Sampling;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.metrics.Metrics;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.Timeline;
import io.libprocess.service.balance.AccrualPolicy;
import io.libprocess.service.balance.PoolSettings;
import io.libprocess.service.filter.Backoff;
import io.libprocess.service.filter.RequestTimeoutException;
import io.libprocess.service.filter.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Clients and servers as a whole. */
class ClientStackTest {

  private static final Duration HUNDRED_MS = Duration.ofMillis(100);

  private final Timeline time = new Timeline();
  private final Metrics metrics = new Metrics(time.clock());
  private final Map<String, Integer> calls = new LinkedHashMap<>(); // By endpoint.
  private final List<String> when = new ArrayList<>(); // Each attempt, with its deadline.
  private int open;
  private Function<String, Future<String>> answer = endpoint -> Future.of("r");

  private ClientStack<String, String> stack() {
    return ClientStack.<String, String>named("x").clock(time.clock()).random(new Random(1));
  }

  private ServiceClient<String, String, String> build(
      ClientStack<String, String> stack, String... endpoints) {
    return stack.build(this::sessions, Arrays.asList(endpoints));
  }

  private ServiceFactory<String, String> sessions(String endpoint) {
    return () -> {
      open++;
      return Future.of(
          new Service<>() {
            private boolean closed;

            @Override
            public Future<String> apply(String request) {
              calls.merge(endpoint, 1, Integer::sum);
              when.add(millis() + Deadline.current().map(this::until).orElse(""));
              return answer.apply(endpoint);
            }

            private String until(Deadline deadline) {
              return " until " + Duration.between(Timeline.START, deadline.deadline()).toMillis();
            }

            @Override
            public ServiceStatus status() {
              return closed ? ServiceStatus.CLOSED : ServiceStatus.OPEN;
            }

            @Override
            public Future<Void> close(Duration limit) {
              closed = true;
              open--;
              return Future.done();
            }
          });
    };
  }

  private long millis() {
    return time.elapsed().toMillis();
  }

  private static <T> Future<T> refused() {
    return Future.failed(FlaggedFailure.of("refused", FailureFlag.REJECTED, FailureFlag.RETRYABLE));
  }

  private static RetryPolicy<String, String> onFailure() {
    return RetryPolicy.withBackoff(
        Backoff.constant(Duration.ZERO).take(5), (request, outcome) -> outcome.isFailed());
  }

  /**
   * 100 ms for an attempt, 150 ms in all: the first one is refused after 10 ms, and sent again;
   * that one is timed out; the last has 40 ms.
   */
  @Test
  void timeouts_areThoseOfAnAttemptAndOfAll() {
    ServiceClient<String, String, String> client =
        build(
            stack()
                .requestTimeout(HUNDRED_MS)
                .totalTimeout(Duration.ofMillis(150))
                .retries(onFailure()),
            "a");
    List<Promise<String>> sent = new ArrayList<>();
    answer =
        endpoint -> {
          Promise<String> promise = new Promise<>();
          sent.add(promise);
          return promise.future();
        };
    Future<String> response = client.call("q");
    time.advanceMillis(10);
    sent.get(0).fail(FlaggedFailure.of("refused", FailureFlag.RETRYABLE));
    time.advanceMillis(139);
    assertEquals(List.of("0 until 100", "10 until 110", "110 until 150"), when);
    assertTrue(response.isPending());
    time.advanceMillis(1);

    RequestTimeoutException failure =
        assertInstanceOf(RequestTimeoutException.class, response.failure());
    assertEquals(Duration.ofMillis(150), failure.limit());
    assertTrue(sent.get(1).future().hasDiscard());
    assertTrue(sent.get(2).future().hasDiscard());
  }

  @Test
  void timeout_countsAgainstItsEndpoint() {
    ServiceClient<String, String, String> client =
        build(stack().requestTimeout(HUNDRED_MS), "slow", "fast");
    answer =
        endpoint ->
            endpoint.equals("fast") ? Future.of("r") : time.later(Duration.ofDays(1), "late");
    for (int i = 0; i < 40; i++) {
      client.call("q");
      time.advance(HUNDRED_MS);
    }
    assertEquals(5, calls.get("slow"));
    calls.clear();
    for (int i = 0; i < 20; i++) {
      client.call("q");
    }

    assertEquals(Map.of("fast", 20), calls);
  }

  @Test
  void eachAttempt_choosesAnEndpointAnew() {
    ServiceClient<String, String, String> client =
        build(stack(), "a", "b", "c", "d", "e", "f", "g", "h");
    answer = endpoint -> calls.size() < 3 ? refused() : Future.of("r");

    assertEquals("r", client.call("q").get());
    assertTrue(calls.size() >= 3);
  }

  @Test
  void onlyRepeatableRequests_areRetriedByThePolicy() {
    ServiceClient<String, String, String> client =
        build(stack().retries(onFailure()).repeatable(request -> request.equals("GET")), "a");
    answer = endpoint -> Future.failed("x");
    client.call("POST");
    assertEquals(1, calls.get("a"));
    client.call("GET");
    assertEquals(1 + 6, calls.get("a"));

    calls.clear();
    answer = endpoint -> calls.get("a") < 3 ? refused() : Future.of("r");
    assertEquals("r", build(stack(), "a").call("POST").get());
  }

  /** Else a server that has a client would tell its own clients to try again. */
  @Test
  void application_doesNotSeeThatARequestMayBeRetried() {
    answer = endpoint -> refused();
    Throwable failure = build(stack(), "a").call("q").failure();

    assertFalse(FlaggedFailure.has(failure, FailureFlag.RETRYABLE));
    assertTrue(FlaggedFailure.has(failure, FailureFlag.REJECTED));
  }

  @Test
  void metrics_countRequestsAndAttemptsApart() {
    ServiceClient<String, String, String> client =
        build(stack().metrics(metrics).retries(onFailure()), "a", "b");
    answer = endpoint -> when.size() < 3 ? Future.failed("x") : Future.of("r");
    assertEquals("r", client.call("q").get());
    Map<String, Double> now = metrics.snapshot().get();

    assertEquals(1, now.get("client/x/requests"));
    assertEquals(1, now.get("client/x/success"));
    assertEquals(3, now.get("client/x/attempts/requests"));
    assertEquals(1, now.get("client/x/attempts/success"));
    assertEquals(2, now.get("client/x/attempts/failures{class=\"Failure\"}"));
    client.close(Duration.ZERO);
    assertTrue(metrics.snapshot().get().isEmpty());
  }

  @Test
  void discard_closesNothingThatOthersUseAndReachesTheAttempt() {
    ServiceClient<String, String, String> client = build(stack(), "a");
    Promise<String> promise = new Promise<>();
    answer = endpoint -> promise.future();
    Future<String> response = client.call("q");
    response.discard();
    assertTrue(promise.future().hasDiscard());
    promise.discard();

    assertTrue(response.isDiscarded());
    assertEquals(1, open);
  }

  @Test
  void pool_isThatOfEachEndpoint() {
    ServiceClient<String, String, String> client =
        build(stack().pool(PoolSettings.defaults().withHigh(1).withWaiters(0)), "a");
    answer = endpoint -> new Promise<String>().future();
    assertTrue(client.call("q").isPending());
    Throwable failure = client.call("q").failure();

    assertTrue(FlaggedFailure.has(failure, FailureFlag.REJECTED));
    assertEquals(1, open);
  }

  @Test
  void update_changesTheEndpoints() {
    ServiceClient<String, String, String> client = build(stack(), "a");
    client.call("q");
    assertTrue(client.update(List.of("b"), Duration.ZERO).isReady());
    client.call("q");

    assertEquals(Map.of("a", 1, "b", 1), calls);
    assertEquals(1, open);
  }

  @Test
  void close_closesTheSessions() {
    ServiceClient<String, String, String> client = build(stack(), "a");
    client.call("q");
    assertTrue(client.close(Duration.ZERO).isReady());

    assertEquals(0, open);
    assertEquals(ServiceStatus.CLOSED, client.status());
    assertTrue(client.call("q").isFailed());
  }

  @Test
  void build_thatFailsLeavesNoMetrics() {
    ClientStack<String, String> stack = stack().metrics(metrics);
    assertThrows(
        IllegalStateException.class,
        () ->
            stack.build(
                endpoint -> {
                  throw new IllegalStateException("no such endpoint");
                },
                List.of("a")));

    assertTrue(metrics.snapshot().get().isEmpty());
    build(stack().metrics(metrics), "a").close(Duration.ZERO);
  }

  @Test
  void parts_canBeLeftOut() {
    ServiceClient<String, String, String> bare =
        build(
            stack()
                .withoutFailFast()
                .withoutFailureAccrual()
                .withoutNackAdmission()
                .acquisitionAttempts(1),
            "a");
    answer = endpoint -> Future.failed("x");
    for (int i = 0; i < 50; i++) {
      bare.call("q");
    }
    assertEquals(50, calls.get("a"));
    assertEquals(ServiceStatus.OPEN, bare.status());
    assertEquals(0, time.timers());
  }

  @Test
  void parts_canBeReplaced() {
    List<String> passed = new ArrayList<>();
    ServiceClient<String, String, String> client =
        build(
            stack()
                .filter((request, service) -> note(passed, "outer", service.call(request)))
                .attemptFilter((request, service) -> note(passed, "attempt", service.call(request)))
                .failureAccrual(
                    () -> AccrualPolicy.consecutiveFailures(1, Backoff.constant(HUNDRED_MS)))
                .sessionLife(HUNDRED_MS)
                .acquisitionTimeout(HUNDRED_MS)
                .pendingLimit(1)
                .tries(2)
                .backupRequests(0.1),
            "a",
            "b");
    answer = endpoint -> passed.isEmpty() ? refused() : Future.of("r");

    assertEquals("r", client.call("q").get());
    assertEquals(List.of("attempt", "attempt", "outer"), passed);
    assertEquals(ServiceStatus.OPEN, client.status());
  }

  private static Future<String> note(List<String> passed, String name, Future<String> response) {
    passed.add(name);
    return response;
  }

  /* ------ Contexts ------ */

  private static final ContextKey<String> USER = ContextKey.local("user");

  /**
   * Each attempt, also one that waited for a session or a back-off, runs in its request's context.
   */
  @Test
  void attempts_runInTheContextOfTheirRequest() {
    List<String> users = new ArrayList<>();
    List<Promise<String>> sent = new ArrayList<>();
    answer =
        endpoint -> {
          users.add(USER.current().orElse("none"));
          Promise<String> promise = new Promise<>();
          sent.add(promise);
          return promise.future();
        };
    RetryPolicy<String, String> later =
        RetryPolicy.withBackoff(
            Backoff.constant(HUNDRED_MS).take(1), (request, outcome) -> outcome.isFailed());
    ServiceClient<String, String, String> client =
        build(stack().retries(later).pool(PoolSettings.defaults().withHigh(1)), "a");
    Context.with(USER, "ann", () -> client.call("q"));
    Context.with(USER, "bob", () -> client.call("q"));
    sent.get(0).fail("x"); // Makes room for the second request.
    sent.get(1).set("r");
    time.advance(HUNDRED_MS);

    assertEquals(List.of("ann", "bob", "ann"), users);
    assertTrue(Context.current().isEmpty());
  }

  /** What outlives the request that caused it must not keep its context, nor run in it. */
  @Test
  void sessions_areMadeInNoContext() {
    List<String> users = new ArrayList<>();
    ServiceClient<String, String, String> client =
        stack()
            .build(
                endpoint ->
                    () -> {
                      users.add(USER.current().orElse("none"));
                      return Future.failed("refused");
                    },
                List.of("a", "b"));
    Context.with(USER, "ann", () -> client.call("q"));
    time.advance(Duration.ofSeconds(100));

    assertTrue(users.size() > 2, users.toString());
    assertEquals(List.of("none"), users.stream().distinct().toList());
  }

  /* ------ Servers ------ */

  @Test
  void server_countsWhatItRefuses() {
    Promise<String> first = new Promise<>();
    Service<String, String> server =
        ServerStack.<String, String>named("y")
            .clock(time.clock())
            .metrics(metrics)
            .concurrencyLimit(1, 0)
            .build(request -> first.future());
    server.call("q");
    Future<String> second = server.call("q");
    first.set("r");

    assertTrue(FlaggedFailure.has(second.failure(), FailureFlag.REJECTED));
    Map<String, Double> now = metrics.snapshot().get();
    assertEquals(2, now.get("server/y/requests"));
    assertEquals(1, now.get("server/y/failures{class=\"FlaggedFailure\"}"));
  }

  @Test
  void server_seesADeadlineThatIsPastBeforeItsOwnTimeoutSetsAnother() {
    Service<String, String> server =
        ServerStack.<String, String>named("y")
            .clock(time.clock())
            .rejectExpired(1)
            .requestTimeout(HUNDRED_MS)
            .admission((request, service) -> service.call(request + "!"))
            .build(request -> Future.of(request + Deadline.current().isPresent()));
    assertEquals("q!true", server.call("q").get());
    time.advanceMillis(10);
    Deadline past = new Deadline(Timeline.START, Timeline.START.plusMillis(1));
    Future<String> response = Context.with(Deadline.KEY, past, () -> server.call("q"));

    assertTrue(FlaggedFailure.has(response.failure(), FailureFlag.DEADLINE_EXCEEDED));
  }

  /* ------ Traces ------ */

  @Test
  void attempts_belongToTheTraceOfTheirRequest() {
    List<Trace> traces = new ArrayList<>();
    answer =
        endpoint -> {
          traces.add(Trace.current().orElseThrow());
          return traces.size() < 3 ? refused() : Future.of("r");
        };
    ServiceClient<String, String, String> client = build(stack().traces(1), "a");
    client.call("q");
    client.call("q");

    assertEquals(4, traces.size());
    assertEquals(1, traces.subList(0, 3).stream().distinct().count());
    assertFalse(traces.get(2).traceId().equals(traces.get(3).traceId()));
    assertTrue(traces.get(0).isRecorded());
    assertTrue(Trace.current().isEmpty());
  }

  @Test
  void traceThatIsThere_isKept_andDecidedAtMostOnce() {
    List<Trace> traces = new ArrayList<>();
    Service<String, String> server =
        ServerStack.<String, String>named("y")
            .random(new Random(1))
            .traces(0)
            .build(
                request -> {
                  traces.add(Trace.current().orElseThrow());
                  return Future.of("r");
                });
    for (Sampling sampling : Sampling.values()) {
      Trace brought = Trace.start(sampling, () -> 7);
      Context.with(Trace.KEY, brought, () -> server.call("q"));
      assertEquals(brought.spanId(), traces.get(traces.size() - 1).spanId());
    }
    server.call("q");

    assertEquals(
        List.of(Sampling.YES, Sampling.NO, Sampling.NO, Sampling.NO),
        traces.stream().map(Trace::sampling).toList());
  }

  @Test
  void server_tellsHowManyDeadlinesWerePast() {
    Service<String, String> server =
        ServerStack.<String, String>named("y")
            .clock(time.clock())
            .metrics(metrics)
            .rejectExpired()
            .connections(request -> request)
            .build(request -> Future.of("r"));
    for (int i = 0; i < 5; i++) {
      server.call("one");
    }
    time.advanceMillis(10);
    Deadline past = new Deadline(Timeline.START, Timeline.START);
    assertTrue(Context.with(Deadline.KEY, past, () -> server.call("two")).isReady());
    assertTrue(Context.with(Deadline.KEY, past, () -> server.call("one")).isFailed());

    Map<String, Double> now = metrics.snapshot().get();
    assertEquals(2, now.get("server/y/deadlines_expired"));
    assertEquals(1, now.get("server/y/deadlines_rejected"));
    assertThrows(
        IllegalArgumentException.class,
        () -> ServerStack.<String, String>named("z").rejectExpired(0));
  }
}
