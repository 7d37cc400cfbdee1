package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** To and from the JDK's futures. */
class InteropTest {

  private final CompletableFuture<String> stage = new CompletableFuture<>();
  private final Future<String> fromStage = Future.from(stage);
  private final Promise<String> promise = new Promise<>();
  private final CompletableFuture<String> toStage = promise.future().toCompletableFuture();

  @Test
  void from_aValue() {
    assertTrue(fromStage.isPending());
    stage.complete("value");

    assertEquals("value", fromStage.get());
  }

  @Test
  void from_aNullValue() {
    stage.complete(null);

    assertTrue(fromStage.isReady());
  }

  @Test
  void from_aFailure() {
    IOException failure = new IOException("oops");
    stage.completeExceptionally(failure);

    assertSame(failure, fromStage.failure());
  }

  @Test
  void from_aFailureOfAnEarlierStageIsUnwrapped() {
    IOException failure = new IOException("oops");
    Future<String> future = Future.from(stage.thenApply(value -> value));
    stage.completeExceptionally(failure);

    assertSame(failure, future.failure());
  }

  @Test
  void from_aCancelledStageIsDiscarded() {
    Future<String> later = Future.from(stage.thenApply(value -> value));
    stage.cancel(true);

    assertTrue(fromStage.isDiscarded());
    assertTrue(later.isDiscarded());
  }

  @Test
  void from_aDiscardRequestCancelsTheStage() {
    fromStage.discard();

    assertTrue(stage.isCancelled());
    assertTrue(fromStage.isDiscarded());
  }

  @Test
  void from_aStageThatIsCompletedAlready() {
    assertEquals("value", Future.from(CompletableFuture.completedStage("value")).get());
    assertTrue(Future.from(CompletableFuture.failedStage(new IOException("oops"))).isFailed());
  }

  @Test
  void from_aStageThatCannotBeCancelledIgnoresTheRequest() {
    CompletionStage<String> minimal = stage.minimalCompletionStage();
    Future<String> future = Future.from(minimal);

    future.discard();
    assertTrue(future.isPending());
    stage.complete("value");

    assertEquals("value", future.get());
  }

  @Test
  void to_aValue() {
    assertFalse(toStage.isDone());
    promise.set("value");

    assertEquals("value", toStage.join());
  }

  @Test
  void to_isCompletedBeforeCallbacksOfAnyCompletionRun() {
    Promise<String> other = new Promise<>();
    AtomicReference<CompletableFuture<String>> made = new AtomicReference<>();
    AtomicBoolean before = new AtomicBoolean();
    other.future().onAny(done -> before.set(made.get().isDone()));
    made.set(other.future().toCompletableFuture());

    other.set("value");

    assertTrue(before.get());
  }

  @Test
  void to_aFailure() {
    IOException failure = new IOException("oops");
    promise.fail(failure);

    assertSame(failure, assertThrows(ExecutionException.class, toStage::get).getCause());
    assertSame(failure, assertThrows(CompletionException.class, toStage::join).getCause());
  }

  @Test
  void to_aDiscardIsACancellation() {
    promise.discard();

    assertTrue(toStage.isCancelled());
    assertThrows(CancellationException.class, toStage::join);
    assertFalse(promise.future().hasDiscard());
  }

  @Test
  void to_aCancellationIsADiscardRequest() {
    toStage.cancel(true);

    assertTrue(promise.future().hasDiscard());
    assertTrue(promise.future().isPending());
  }

  @Test
  void to_completingItByHandDoesNotTouchTheFuture() {
    toStage.complete("other");

    assertTrue(promise.future().isPending());
    assertFalse(promise.future().hasDiscard());
  }

  @Test
  void to_ofACompletedFutureIsCompleted() {
    assertEquals("value", Future.of("value").toCompletableFuture().getNow("none"));
  }

  @Test
  void thereAndBack_keepsEveryOutcome() {
    Future<String> back = Future.from(promise.future().toCompletableFuture());
    IOException failure = new IOException("oops");
    promise.fail(failure);

    assertSame(failure, back.failure());
    assertTrue(Future.from(Future.discarded().toCompletableFuture()).isDiscarded());
    assertEquals("value", Future.from(Future.of("value").toCompletableFuture()).get());
  }
}
