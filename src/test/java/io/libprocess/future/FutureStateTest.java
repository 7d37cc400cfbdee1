package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** States, flags, construction, access to the value, text. */
class FutureStateTest {

  private final Promise<String> promise = new Promise<>();
  private final Future<String> future = promise.future();

  @Test
  void future_isReadyAtOnceAfterSetAndGivesTheValue() {
    assertTrue(future.isPending());

    assertTrue(promise.set("value"));

    assertTrue(future.isReady());
    assertFalse(future.isPending());
    assertEquals("value", future.get());
  }

  @Test
  void toString_tellsEveryState() {
    assertEquals("Pending", future.toString());
    assertEquals("Ready", Future.of("value").toString());
    assertEquals("Ready", Future.done().toString());
    assertEquals("Failed: oops", Future.failed("oops").toString());
    assertEquals("Discarded", Future.discarded().toString());
    assertEquals("Abandoned", Future.abandoned().toString());
  }

  @Test
  void toString_tellsTheTypeOfAnUnexpectedFailure() {
    assertEquals(
        "Failed: java.io.IOException: disk", Future.failed(new IOException("disk")).toString());
  }

  @Test
  void toString_tellsADiscardRequestInEveryState() {
    Promise<String> failed = new Promise<>();
    Promise<String> discarded = new Promise<>();
    Promise<String> abandoned = new Promise<>();
    future.discard();
    failed.future().discard();
    discarded.future().discard();
    abandoned.future().discard();

    assertEquals("Pending (with discard)", future.toString());
    promise.set("value");
    assertEquals("Ready (with discard)", future.toString());
    failed.fail("oops");
    assertEquals("Failed (with discard): oops", failed.future().toString());
    discarded.discard();
    assertEquals("Discarded (with discard)", discarded.future().toString());
    abandoned.abandon();
    assertEquals("Abandoned (with discard)", abandoned.future().toString());
  }

  @Test
  void toString_tellsAbandonmentByLosingThePromiseOnlyWhilePending() {
    promise.abandon();
    assertEquals("Abandoned", future.toString());

    promise.set("value");
    assertEquals("Ready", future.toString());
  }

  @Test
  void fromTry_aComputationThatReturnsIsReadyAndOneThatThrowsIsFailed() {
    IOException error = new IOException("error");

    assertEquals("value", Future.done().map(none -> "value").get());
    assertSame(error, Future.done().map(none -> fail(error)).failure());
  }

  @Test
  void fromTryFuture_tracksTheFutureThatAComputationReturns() {
    Future<String> tracking = Future.done().then(none -> future);
    assertTrue(tracking.isPending());

    promise.set("value");

    assertEquals("value", tracking.get());
  }

  @Test
  void fromTryFuture_isFailedWithTheErrorIfTheComputationThrows() {
    IOException error = new IOException("error");

    Future<String> tracking = Future.done().then(none -> fail(error));

    assertSame(error, tracking.failure());
  }

  private static <T> T fail(Exception exception) throws Exception {
    throw exception;
  }

  @Test
  void set_ofACompletedFutureChangesNothing() {
    promise.set("first");

    assertFalse(promise.set("second"));
    assertFalse(promise.fail("oops"));
    assertFalse(promise.fail(new IOException("oops")));
    assertFalse(promise.discard());
    assertFalse(promise.associate(Future.of("other")));
    assertFalse(promise.abandon());

    assertEquals("first", future.get());
    assertFalse(future.isAbandoned());
  }

  @Test
  void fail_keepsTheThrowableItself() {
    IOException failure = new IOException("oops");

    assertTrue(promise.fail(failure));

    assertTrue(future.isFailed());
    assertSame(failure, future.failure());
    assertFalse(promise.set("value"));
  }

  @Test
  void fail_withATextIsAFailureWithoutAStackTrace() {
    promise.fail("oops");

    assertEquals("oops", future.failure().getMessage());
    assertEquals(Failure.class, future.failure().getClass());
    assertEquals(0, future.failure().getStackTrace().length);
    assertEquals("Failure: oops", future.failure().toString());
  }

  @Test
  void discard_ofThePromiseCompletesAndSetsNoFlag() {
    assertTrue(promise.discard());

    assertTrue(future.isDiscarded());
    assertFalse(future.hasDiscard());
    assertFalse(promise.set("value"));
  }

  @Test
  void discard_ofTheFutureSetsTheFlagAndLeavesTheState() {
    assertTrue(future.discard());

    assertTrue(future.isPending());
    assertTrue(future.hasDiscard());
  }

  @Test
  void set_afterADiscardRequestIsReadyWithTheFlag() {
    future.discard();

    assertTrue(promise.set("value"));

    assertEquals("value", future.get());
    assertTrue(future.hasDiscard());
  }

  @Test
  void fail_afterADiscardRequestIsFailedWithTheFlag() {
    future.discard();

    assertTrue(promise.fail("oops"));

    assertTrue(future.isFailed());
    assertTrue(future.hasDiscard());
  }

  @Test
  void set_afterAbandonmentIsReadyAndStillAbandoned() {
    promise.abandon();
    assertTrue(future.isPending());

    assertTrue(promise.set("value"));

    assertTrue(future.isReady());
    assertTrue(future.isAbandoned());
  }

  @Test
  void get_givesEveryReaderTheSameObject() {
    String value = new String("value");
    promise.set(value);

    assertSame(value, future.get());
    assertSame(value, future.get());
  }

  @Test
  void get_ofAFailedFutureThrowsWithTheFailureAsCause() {
    IOException failure = new IOException("oops");
    promise.fail(failure);

    assertSame(failure, assertThrows(CompletionException.class, future::get).getCause());
  }

  @Test
  void get_ofADiscardedFutureThrowsACancellation() {
    promise.discard();

    assertThrows(CancellationException.class, future::get);
  }

  @Test
  void failure_ofAFutureThatHasNotFailedThrowsAndTellsTheState() {
    assertEquals(
        "not failed: Pending",
        assertThrows(IllegalStateException.class, future::failure).getMessage());
    promise.set("value");
    assertEquals(
        "not failed: Ready",
        assertThrows(IllegalStateException.class, future::failure).getMessage());
  }

  @Test
  void value_mayBeNull() {
    promise.set(null);

    assertTrue(future.isReady());
    assertNull(future.get());
    assertNull(Future.done().get());
    assertNull(Future.of(null).get());
    assertNull(future.map(value -> value).get());
  }

  @Test
  void value_mayItselfBeAFutureInAnyState() {
    Promise<Future<String>> outer = new Promise<>();
    outer.set(future);

    assertTrue(outer.future().isReady());
    assertSame(future, outer.future().get());
    assertSame(future, Future.of(future).get());
    assertEquals("Ready", Future.of(future).toString());
    assertSame(future, Future.of(future).map(inner -> inner).get());
    assertTrue(future.isPending());
  }

  @Test
  void value_mayBeAThrowable() {
    IOException value = new IOException("a value");

    assertSame(value, Future.of(value).get());
  }

  @Test
  void equality_isIdentityOfTheFutureNotOfTheValue() {
    assertSame(future, promise.future());
    assertEquals(future, promise.future());
    assertNotEquals(Future.of("value"), Future.of("value"));
    assertEquals(2, Set.of(Future.of("value"), Future.of("value")).size());
  }

  @Test
  void nulls_areRefusedAtTheDoor() {
    assertThrows(NullPointerException.class, () -> promise.fail((String) null));
    assertThrows(NullPointerException.class, () -> promise.fail((Throwable) null));
    assertThrows(NullPointerException.class, () -> promise.associate(null));
    assertThrows(NullPointerException.class, () -> Future.failed((Throwable) null));
    assertThrows(NullPointerException.class, () -> Future.from(null));
    assertThrows(NullPointerException.class, () -> future.onAny(null));
    assertThrows(NullPointerException.class, () -> future.onDiscard(null));
    assertThrows(NullPointerException.class, () -> future.map(null));
    assertThrows(NullPointerException.class, () -> future.then(null));
    assertThrows(NullPointerException.class, () -> future.await(null));
    assertThrows(NullPointerException.class, () -> future.repair(null));
    assertThrows(NullPointerException.class, () -> future.recover(null));
    assertThrows(NullPointerException.class, () -> future.after(null, late -> late));
    assertThrows(NullPointerException.class, () -> future.after(Duration.ofDays(1), null));
    assertThrows(NullPointerException.class, () -> Futures.undiscardable(null));
    assertTrue(future.isPending());
    assertTrue(promise.set("still its own"));
  }

  @Test
  void isDiscarded_isOfThatOutcomeOnly() {
    Promise<String> promise = new Promise<>();
    assertFalse(promise.future().isDiscarded());
    promise.future().discard();
    assertFalse(promise.future().isDiscarded());
    assertFalse(Future.of("value").isDiscarded());
    assertFalse(Future.failed("oops").isDiscarded());
    promise.discard();
    assertTrue(promise.future().isDiscarded());
  }

  @Test
  void setUnlessDiscardRequested_leavesTheValueAfterARequestOrAnAssociation() {
    Promise<String> promise = new Promise<>();
    assertTrue(promise.setUnlessDiscardRequested("value"));
    assertTrue(promise.future().isReady());
    assertEquals("value", promise.future().get());
    assertFalse(promise.setUnlessDiscardRequested("late"));

    Promise<String> asked = new Promise<>();
    asked.future().discard();
    assertFalse(asked.setUnlessDiscardRequested("value"));
    assertTrue(asked.future().isPending());

    Promise<String> associated = new Promise<>();
    associated.associate(new Promise<String>().future());
    assertFalse(associated.setUnlessDiscardRequested("value"));
    assertTrue(associated.future().isPending());
  }
}
