package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Future#map}, {@link Future#then} and {@link Future#undiscardable}. */
class ThenTest {

  private final Promise<String> promise = new Promise<>();
  private final Promise<String> inner = new Promise<>();
  private final List<String> ran = new ArrayList<>();

  private Future<String> pendingInner(String value) {
    ran.add(value);
    return inner.future();
  }

  @Test
  void then_aValueAndAFutureGiveAReadyResultIfTheSourceIsReady() {
    Future<String> source = Future.of("a");

    assertEquals("ab", source.map(value -> value + "b").get());
    assertEquals("ab", source.then(value -> Future.of(value + "b")).get());
    assertTrue(source.map(value -> value + "b").isReady());
    assertTrue(source.then(value -> Future.of(value + "b")).isReady());
  }

  @Test
  void chain_ofTwoStepsYieldsTheValue() {
    Future<String> chain =
        promise.future().then(a -> inner.future().map(b -> a + b)).map(ab -> ab + "c");
    promise.set("a");
    assertTrue(chain.isPending());
    inner.set("b");

    assertEquals("abc", chain.get());
  }

  @Test
  void chain_aFailedFirstStepFailsTheChain() {
    Future<String> chain = promise.future().then(this::pendingInner);

    promise.fail("oops");

    assertEquals("oops", chain.failure().getMessage());
    assertEquals(List.of(), ran);
  }

  @Test
  void chain_aPendingFirstStepThatIsDiscardedDiscardsTheChain() {
    promise.future().onDiscard(promise::discard);
    Future<String> chain = promise.future().then(this::pendingInner);

    chain.discard();

    assertTrue(chain.isDiscarded());
    assertEquals(List.of(), ran);
  }

  @Test
  void then_givesTheOutcomeOfTheInnerFutureButNotItsFlags() {
    inner.future().discard();
    inner.set("value");

    Future<String> now = Future.of("x").then(this::pendingInner);
    Future<String> later = promise.future().then(this::pendingInner);
    promise.set("x");

    assertEquals("Ready", now.toString());
    assertEquals("Ready", later.toString());
    assertTrue(inner.future().hasDiscard());
  }

  @Test
  void then_onAReadySourceIsAnotherFutureThanThePendingInner() {
    Future<String> result = Future.of("x").then(this::pendingInner);

    inner.future().discard();

    assertFalse(result.hasDiscard());
    inner.set("value");
    assertEquals("Ready", result.toString());
  }

  @Test
  void then_isNotRunIfSomebodyElseAskedTheSource() {
    Future<String> result = promise.future().then(this::pendingInner);
    promise.future().discard();

    promise.set("value");

    assertTrue(result.isDiscarded());
    assertEquals(List.of(), ran);
  }

  @Test
  void then_laterOnesOfAFutureThatWasReadyAfterARequestAreDiscardedToo() {
    promise.future().discard();
    promise.set("value");

    assertTrue(promise.future().map(ran::add).isDiscarded());
    assertTrue(promise.future().then(this::pendingInner).isDiscarded());
    assertEquals(List.of(), ran);
  }

  @Test
  void then_ofAnUndiscardableIsSkippedThoughTheRequestDoesNotReachTheSource() {
    Future<Boolean> result = promise.future().undiscardable().map(ran::add);

    result.discard();
    assertFalse(promise.future().hasDiscard());
    promise.set("value");

    assertTrue(result.isDiscarded());
    assertEquals(List.of(), ran);
  }

  @Test
  void then_aFunctionThatThrowsFailsTheResult() {
    IOException thrown = new IOException("thrown");
    CheckedFunction<String, Future<String>> function =
        value -> {
          throw thrown;
        };
    Future<String> later = promise.future().then(function);
    promise.set("x");

    assertSame(thrown, later.failure());
    assertSame(thrown, promise.future().then(function).failure());
  }

  @Test
  void map_aFunctionThatThrowsFailsTheResultEvenWithAnError() {
    AssertionError thrown = new AssertionError("thrown");
    CheckedFunction<String, String> function =
        value -> {
          throw thrown;
        };
    Future<String> later = promise.future().map(function);
    promise.set("x");

    assertSame(thrown, later.failure());
    assertSame(thrown, promise.future().map(function).failure());
  }

  @Test
  void then_aFunctionThatReturnsNoFutureFailsTheResult() {
    assertEquals(
        "the function returned null instead of a future",
        Future.of("x").then(value -> null).failure().getMessage());
  }

  @Test
  void then_thatReturnsItsOwnResultFailsInsteadOfWaitingForEver() {
    List<Future<String>> result = new ArrayList<>();
    result.add(promise.future().then(value -> result.get(0)));

    promise.set("x");

    assertEquals("a future cannot wait for itself", result.get(0).failure().getMessage());
  }

  @Test
  void undiscardable_carriesTheFlagButTheWrappedFutureDoesNotAndTheValueArrives() {
    Future<String> wrapper = promise.future().undiscardable();

    wrapper.discard();

    assertTrue(wrapper.hasDiscard());
    assertFalse(promise.future().hasDiscard());
    promise.set("value");
    assertEquals("value", wrapper.get());
  }

  @Test
  void undiscardable_functionShieldsTheFutureItReturnsAndTheValueArrives() {
    Future<String> result = promise.future().then(Futures.undiscardable(this::pendingInner));
    promise.set("x");

    result.discard();

    assertTrue(result.hasDiscard());
    assertFalse(inner.future().hasDiscard());
    inner.set("value");
    assertEquals("value", result.get());
  }

  @Test
  void undiscardable_functionThatThrowsOrReturnsNullFailsTheResult() {
    IOException thrown = new IOException("thrown");

    assertSame(
        thrown,
        Future.of("x")
            .then(
                Futures.undiscardable(
                    value -> {
                      throw thrown;
                    }))
            .failure());
    assertTrue(Future.of("x").then(Futures.undiscardable(value -> null)).isFailed());
  }
}
