package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Future#repair} and {@link Future#recover}. */
class RecoverTest {

  private final Promise<String> promise1 = new Promise<>();
  private final Promise<String> promise2 = new Promise<>();
  private final Promise<String> promise3 = new Promise<>();
  private final List<Future<String>> calls = new ArrayList<>();

  private CheckedFunction<Future<String>, Future<String>> returning(Future<String> future) {
    return source -> {
      calls.add(source);
      return future;
    };
  }

  @Test
  void repair_isNotCalledOnSuccess() {
    Future<String> result = promise1.future().repair(returning(Future.of("repaired")));

    promise1.set("value");

    assertEquals("value", result.get());
    assertEquals(List.of(), calls);
  }

  @Test
  void repair_isCalledOnFailureWithTheFailedSourceAndItsValueIsTheResult() {
    Future<String> result = promise1.future().repair(returning(promise2.future()));

    promise1.fail("oops");
    assertEquals(List.of(promise1.future()), calls);
    assertTrue(result.isPending());
    promise2.set("repaired");

    assertEquals("repaired", result.get());
  }

  @Test
  void repair_keepsTheFlagSoThatTheNewFutureIsAskedAtOnce() {
    Future<String> result = promise1.future().repair(returning(promise2.future()));
    result.discard();

    promise1.fail("oops");

    assertTrue(result.hasDiscard());
    assertTrue(promise2.future().hasDiscard());
  }

  @Test
  void recoverDiscarded_aDiscardedUpstreamBecomesAValue() {
    Future<String> result = promise1.future().recover(returning(Future.of("recovered")));

    promise1.discard();

    assertEquals("recovered", result.get());
    assertEquals(List.of(promise1.future()), calls);
  }

  @Test
  void recoverFailed_aFailedUpstreamBecomesAValue() {
    Future<String> result = promise1.future().recover(returning(Future.of("recovered")));

    promise1.fail("oops");

    assertEquals("recovered", result.get());
    assertEquals("oops", calls.get(0).failure().getMessage());
  }

  @Test
  void recoverAbandoned_anUpstreamWhosePromiseWasLostBecomesAValue() {
    Future<String> result = promise1.future().recover(returning(Future.of("recovered")));

    promise1.abandon();

    assertEquals("recovered", result.get());
    assertTrue(calls.get(0).isAbandoned());
    assertTrue(calls.get(0).isPending());
  }

  @Test
  void recoverAbandoned_whatIsDownstreamOfTheRecoveryIsNotAbandoned() {
    Future<String> result =
        promise1.future().map(v -> v).recover(returning(promise2.future())).map(v -> v);

    promise1.abandon();

    assertFalse(result.isAbandoned());
    promise2.set("recovered");
    assertEquals("recovered", result.get());
  }

  @Test
  void recoverAbandoned_aCompletionAfterTheAbandonmentIsIgnored() {
    Future<String> result = promise1.future().recover(returning(promise2.future()));
    promise1.abandon();

    promise1.set("late");
    assertTrue(result.isPending());
    promise2.set("recovered");

    assertEquals("recovered", result.get());
    assertEquals(1, calls.size());
  }

  @Test
  void recoverDiscard_aRequestBeforeRecoveryIsNotPassedOn_aSecondReachesTheInnermost() {
    Future<String> result =
        promise1.future().recover(first -> promise2.future().recover(second -> promise3.future()));
    assertTrue(result.discard());
    assertTrue(promise1.future().hasDiscard());

    promise1.discard();

    assertFalse(result.hasDiscard());
    assertFalse(promise2.future().hasDiscard());
    promise2.fail("oops");
    assertFalse(promise3.future().hasDiscard());

    assertTrue(result.discard());

    assertTrue(promise3.future().hasDiscard());
    assertTrue(result.isPending());
    promise3.set("value");
    assertEquals("value", result.get());
  }

  @Test
  void recover_clearsTheFlagBeforeTheFunctionRuns() {
    List<Future<String>> result = new ArrayList<>();
    List<Boolean> flagged = new ArrayList<>();
    result.add(
        promise1
            .future()
            .recover(
                source -> {
                  flagged.add(result.get(0).hasDiscard());
                  return promise2.future();
                }));
    result.get(0).discard();

    promise1.discard();

    assertEquals(List.of(false), flagged);
  }

  @Test
  void recover_keepsTheFlagIfTheSourceBecomesReady() {
    Future<String> result = promise1.future().recover(returning(promise2.future()));
    result.discard();

    promise1.set("value");

    assertEquals("Ready (with discard)", result.toString());
  }

  @Test
  void recover_aRequestWhileTheFunctionRunsReachesTheNewFuture() {
    List<Future<String>> result = new ArrayList<>();
    result.add(
        promise1
            .future()
            .recover(
                source -> {
                  assertTrue(result.get(0).discard());
                  return promise2.future();
                }));

    promise1.fail("oops");

    assertTrue(promise2.future().hasDiscard());
  }

  @Test
  void recover_runsItsOnDiscardCallbacksForBothRequestsButEachOnce() {
    List<String> ran = new ArrayList<>();
    Future<String> result = promise1.future().recover(returning(promise2.future()));
    result.onDiscard(() -> ran.add("first"));
    result.discard();
    promise1.discard();
    result.onDiscard(() -> ran.add("second"));

    result.discard();

    assertEquals(List.of("first", "second"), ran);
  }

  @Test
  void recover_aFunctionThatThrowsFailsTheResult() {
    IOException thrown = new IOException("thrown");
    CheckedFunction<Future<String>, Future<String>> function =
        source -> {
          throw thrown;
        };

    assertSame(thrown, Future.<String>failed("oops").recover(function).failure());
    assertSame(thrown, Future.<String>failed("oops").repair(function).failure());
    assertSame(thrown, Future.<String>abandoned().recover(function).failure());
  }

  @Test
  void recover_withTheFailedSourceItselfPassesTheFailureOn() {
    promise1.fail("oops");

    Future<String> result = promise1.future().recover(source -> source);

    assertSame(promise1.future().failure(), result.failure());
  }

  @Test
  void recover_mayWaitForTheAbandonedSourceItself() {
    Future<String> result = promise1.future().recover(source -> source);

    promise1.abandon();
    assertTrue(result.isAbandoned());
    promise1.set("late");

    assertEquals("late", result.get());
  }

  @Test
  void repair_isAbandonedWithTheFutureThatTheFunctionReturned() {
    Future<String> result = promise1.future().repair(returning(promise2.future()));
    promise1.fail("oops");

    promise2.abandon();

    assertTrue(result.isAbandoned());
  }
}
