package io.libprocess.service.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.Timeline;
import io.libprocess.service.filter.Backoff;
import io.libprocess.service.filter.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches a peer that always fails: retries are no multiple of the requests. */
class RetryStormTest {

  private static final int SECONDS = 60;
  private static final int PER_SECOND = 100;
  private static final int REQUESTS = SECONDS * PER_SECOND;

  private final Timeline time = new Timeline();
  private int attempts;

  private static double bound(int requests) {
    return 1.2 * requests + 10 * SECONDS + 100;
  }

  /** A client that tries as often as it may. */
  private Service<String, String> client(String name, ServiceFactory<String, String> sessions) {
    RetryPolicy<String, String> policy =
        RetryPolicy.withBackoff(
            Backoff.constant(Duration.ofMillis(5)).take(100),
            (request, outcome) -> outcome.isFailed());
    return ClientStack.<String, String>named(name)
        .clock(time.clock())
        .random(new Random(1))
        .retries(policy)
        .withoutFailureAccrual()
        .withoutNackAdmission()
        .build(key -> sessions, List.of(1));
  }

  private void send(Service<String, String> client) {
    for (int i = 0; i < REQUESTS; i++) {
      client.call("q");
      time.advanceMillis(1000 / PER_SECOND);
    }
    time.advance(Duration.ofSeconds(1));
  }

  private Future<String> fail(boolean safe) {
    attempts++;
    return safe
        ? Future.failed(FlaggedFailure.of("refused", FailureFlag.REJECTED, FailureFlag.RETRYABLE))
        : Future.failed("x");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void attempts_stayWithinTheBudget(boolean safe) {
    send(client("a", ServiceFactory.of(request -> fail(safe))));

    assertTrue(attempts <= bound(REQUESTS), "" + attempts);
    assertTrue(attempts > 1.15 * REQUESTS, "" + attempts);
  }

  @Test
  void connecting_staysWithinTheBudget() {
    send(
        client(
            "a",
            () -> {
              attempts++;
              return Future.failed("refused");
            }));

    assertTrue(attempts <= bound(REQUESTS), "" + attempts);
  }

  /**
   * The client of a client: each hop keeps to its budget, and what is exhausted is not multiplied.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nestedClients_doNotMultiplyTheirRetries(boolean safe) {
    Service<String, String> inner = client("inner", ServiceFactory.of(request -> fail(safe)));
    int[] hops = new int[1];
    Service<String, String> outer =
        client(
            "outer",
            ServiceFactory.of(
                request -> {
                  hops[0]++;
                  return inner.call(request);
                }));
    send(outer);

    assertTrue(hops[0] <= bound(REQUESTS), "" + hops[0]);
    assertTrue(attempts <= bound(hops[0]), attempts + " of " + hops[0]);
    if (safe) {
      assertEquals(REQUESTS, hops[0]);
      assertTrue(attempts <= bound(REQUESTS), "" + attempts);
    }
  }
}
