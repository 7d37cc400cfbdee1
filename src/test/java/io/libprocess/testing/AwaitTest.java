package io.libprocess.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Response;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@Timeout(60)
class AwaitTest {

  private static AssertionError fails(String text, Executable waiting) {
    AssertionError error = assertThrows(AssertionError.class, waiting);
    assertTrue(error.getMessage().contains(text), error.getMessage());
    return error;
  }

  @Test
  void ready_givesTheValue() {
    assertEquals(1, Await.awaitReady(Future.of(1)));
  }

  @Test
  void ready_tellsTheFailureAndItsCause() {
    Failure failure = new Failure("broken");

    AssertionError error =
        fails(
            "expected the future to be ready, but it is Failed: broken",
            () -> Await.awaitReady(Future.failed(failure)));

    assertSame(failure, error.getCause());
  }

  @Test
  void ready_givesUpAfterTheLimit() {
    fails(
        "ready within 1 ms, but it is Pending",
        () -> Await.awaitReady(new Promise<>().future(), Duration.ofMillis(1)));
  }

  @Test
  void ready_givesUpAlsoWhileTheClockIsPaused() {
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      fails(
          "the clock is paused at 1970-01-01T00:00:00Z",
          () -> Await.by(clock).within(Duration.ofMillis(1)).ready(new Promise<>().future()));
    }
  }

  @Test
  void ready_settlesAPausedClockFirst() {
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      Promise<String> promise = new Promise<>();
      boolean[] after = new boolean[1];
      clock.timer(Duration.ZERO, () -> promise.set("done"));
      clock.timer(Duration.ZERO, () -> after[0] = true);

      assertEquals("done", Await.by(clock).ready(promise.future()));
      assertTrue(after[0]);
    }
  }

  @Test
  void failed_givesTheFailureAndTellsTheValue() {
    Failure failure = new Failure("broken");
    assertSame(failure, Await.awaitFailed(Future.failed(failure)));
    fails("failed, but it is Ready with the value 7", () -> Await.awaitFailed(Future.of(7)));
  }

  @Test
  void discarded_tellsTheState() {
    Await.awaitDiscarded(Future.discarded());
    fails("discarded, but it is Ready", () -> Await.awaitDiscarded(Future.of(7)));
  }

  @Test
  void abandoned_needsNoCompletion() {
    Promise<Void> promise = new Promise<>();
    promise.abandon();
    Await.awaitAbandoned(promise.future());
    fails("abandoned, but it is Ready", () -> Await.awaitAbandoned(Future.done()));
  }

  @Test
  void completed_takesAnyEnd() {
    Await.awaitCompleted(Future.of(1));
    Await.awaitCompleted(Future.failed("broken"));
    Await.awaitCompleted(Future.discarded());
  }

  @Test
  void equals_comparesTheValue() {
    Await.awaitEquals("a", Future.of("a"));
    Await.awaitEquals(null, Future.done());
    Await.awaitTrue(Future.of(true));
    Await.awaitFalse(Future.of(false));
    fails(
        "expected the future's value a, but it is b", () -> Await.awaitEquals("a", Future.of("b")));
    fails("value true, but it is false", () -> Await.awaitTrue(Future.of(false)));
  }

  @Test
  void response_isCompared() {
    Await any = Await.by(Clock.system());
    Future<Response> response = Future.of(Response.ok("text").withHeader("A", "b"));
    Await.awaitStatus(200, response);
    any.body("text", response);
    any.header("b", "A", response);
    any.body("", Future.of(Response.ok()));
    fails("expected status 404", () -> Await.awaitStatus(404, response));
    fails("expected the body 'other', but it is 'text'", () -> any.body("other", response));
    fails("expected header A: c, but it is b", () -> any.header("c", "A", response));
  }

  @Test
  void interrupt_endsTheWait() {
    Thread.currentThread().interrupt();
    fails("interrupted", () -> Await.awaitReady(new Promise<>().future()));
    assertTrue(Thread.interrupted());
  }

  @Test
  void limit_comesFromTheEnvironment() {
    assertEquals(Duration.ofSeconds(15), Await.defaultLimit(Map.of(), name -> null));
    assertEquals(
        Duration.ofMinutes(1),
        Await.defaultLimit(Map.of("LIBPROCESS_TEST_AWAIT_TIMEOUT", "1mins"), name -> null));
    assertEquals(Duration.ofMillis(5), Await.defaultLimit(Map.of(), name -> "5ms"));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Await.defaultLimit(Map.of(), name -> "soon"));
    assertTrue(e.getMessage().startsWith("LIBPROCESS_TEST_AWAIT_TIMEOUT: "), e.getMessage());
  }
}
