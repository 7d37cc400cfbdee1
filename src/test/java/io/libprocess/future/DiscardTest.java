package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests to discard: {@link Future#discard}. */
class DiscardTest {

  private final Promise<String> promise1 = new Promise<>();
  private final Promise<String> promise2 = new Promise<>();
  private final List<String> ran = new ArrayList<>();

  /** A chain of two steps of which the first lambda has run. */
  private final Future<String> chain =
      Future.of("hello")
          .then(value -> promise1.future())
          .then(
              value -> {
                ran.add("second lambda");
                return promise2.future();
              });

  private void discardChain() {
    assertTrue(chain.isPending());
    assertTrue(chain.discard());
    assertTrue(chain.isPending());
    assertTrue(chain.hasDiscard());
    assertTrue(promise1.future().hasDiscard());
    assertFalse(promise2.future().hasDiscard());
  }

  @Test
  void undiscardablePromise_ignoresRequestsOnItsFutureAndOnWhatIsDerived() {
    Promise<String> shared = Promise.undiscardable();
    Future<String> derived = shared.future().map(value -> value + "!");

    assertFalse(shared.future().discard());
    assertTrue(derived.discard());

    assertFalse(shared.future().hasDiscard());
    assertTrue(shared.set("value"));
    assertEquals("value", shared.future().get());
  }

  @Test
  void discard1_requestReachesTheFutureOfTheLambdaThatRan_itsDiscardDiscardsTheChain() {
    discardChain();

    assertTrue(promise1.discard());

    assertTrue(chain.isDiscarded());
    assertEquals(List.of(), ran);
    assertFalse(promise2.future().hasDiscard());
  }

  @Test
  void discard2_aValueAfterTheRequestStillDiscardsTheChain() {
    discardChain();

    assertTrue(promise1.set("value"));

    assertTrue(chain.isDiscarded());
    assertEquals(List.of(), ran);
  }

  @Test
  void discard3_aFailureAfterTheRequestFailsTheChain() {
    discardChain();

    assertTrue(promise1.fail("oops"));

    assertEquals("oops", chain.failure().getMessage());
    assertEquals(List.of(), ran);
  }

  @Test
  void discard_isTrueForTheFirstRequestOnAPendingFutureOnly() {
    assertTrue(promise1.future().discard());
    assertFalse(promise1.future().discard());

    promise2.set("value");
    assertFalse(promise2.future().discard());
    assertFalse(promise2.future().hasDiscard());
  }

  @Test
  void discard_isAcceptedByAnAbandonedFuture() {
    promise1.abandon();

    assertTrue(promise1.future().discard());
    assertTrue(promise1.future().hasDiscard());
    assertTrue(promise1.future().isAbandoned());
  }

  @Test
  void discard_mayBeIgnoredByTheProducer() {
    chain.discard();

    assertTrue(promise1.future().isPending());
    assertTrue(chain.isPending());
  }

  @Test
  void discard_doesNotTravelDownwards() {
    promise1.future().discard();

    assertFalse(chain.hasDiscard());
  }

  @Test
  void discard_afterTheContinuationRanGoesToItsFutureOnly() {
    promise1.set("value");
    assertEquals(List.of("second lambda"), ran);

    chain.discard();

    assertTrue(promise2.future().hasDiscard());
    assertFalse(promise1.future().hasDiscard());
    promise2.set("result");
    assertEquals("result", chain.get());
    assertTrue(chain.hasDiscard());
  }

  @Test
  void discard_duringTheContinuationIsForwardedToTheFutureItReturns() {
    List<Future<String>> result = new ArrayList<>();
    result.add(
        promise1
            .future()
            .then(
                value -> {
                  result.get(0).discard();
                  return promise2.future();
                }));

    promise1.set("value");

    assertTrue(promise2.future().hasDiscard());
  }

  @Test
  void discard_ofAnUnusedDerivedFutureCancelsNothing() {
    promise1.future().map(value -> ran.add("map"));

    promise1.set("value");

    assertEquals(List.of("second lambda", "map"), ran);
  }

  private static Stream<Arguments> passingOn() {
    return Stream.of(
        combinator("map", f -> f.map(v -> v)),
        combinator("then", f -> f.then(Future::of)),
        combinator("then on ready", f -> Future.done().then(none -> f)),
        combinator("repair", f -> f.repair(self -> Future.of("x"))),
        combinator("recover", f -> f.recover(self -> Future.of("x"))),
        combinator("collect", f -> Futures.collect(List.of(f)).map(v -> v.get(0))),
        combinator("collect 2", f -> Futures.collect(f, Future.of(1)).map(Tuple.Of2::first)),
        combinator("await", f -> Futures.await(f).then(v -> v)),
        combinator("await list", f -> Futures.await(List.of(f)).then(v -> v.get(0))),
        combinator("loop", f -> Futures.loop(() -> f, v -> Future.of(ControlFlow.breakWith(v)))),
        combinator(
            "loop body",
            f -> Futures.loop(Future::done, none -> f.map(v -> ControlFlow.<String>breakWith(v)))),
        combinator("completion stage and back", f -> Future.from(f.toCompletableFuture())),
        combinator("associate", DiscardTest::associated));
  }

  private static Arguments combinator(String name, UnaryOperator<Future<String>> make) {
    return Arguments.argumentSet(name, make);
  }

  private static Future<String> associated(Future<String> source) {
    Promise<String> promise = new Promise<>();
    promise.associate(source);
    return promise.future();
  }

  @ParameterizedTest
  @MethodSource("passingOn")
  void discard_passesThroughEveryCombinator(UnaryOperator<Future<String>> combinator) {
    List<Future<String>> requests = new ArrayList<>();
    promise1.future().onDiscard(() -> requests.add(promise1.future()));
    Future<String> derived = combinator.apply(promise1.future());

    assertTrue(derived.discard());

    assertEquals(List.of(promise1.future()), requests);
    assertTrue(derived.hasDiscard());
  }

  @ParameterizedTest
  @MethodSource("passingOn")
  void discard_followedByTheProducerEndsEveryCombinator(UnaryOperator<Future<String>> combinator) {
    promise1.future().onDiscard(promise1::discard);
    Future<String> derived = combinator.apply(promise1.future());

    derived.discard();

    assertFalse(derived.isPending());
    assertTrue(promise1.future().isDiscarded());
  }

  @Test
  void discard_isStoppedByUndiscardableAndBySelect() {
    assertTrue(promise1.future().undiscardable().discard());
    assertTrue(Futures.select(List.of(promise1.future())).discard());

    assertFalse(promise1.future().hasDiscard());
  }

  @Test
  void discard_reachesTheEndOfALongChainOnce() {
    promise1.future().onDiscard(() -> ran.add("request"));
    Future<String> end = promise1.future();
    for (int i = 0; i < 100; i++) {
      end = end.map(value -> value).then(Future::of).recover(self -> self).repair(self -> self);
    }

    assertTrue(end.discard());
    assertFalse(end.discard());

    assertEquals(List.of("request"), ran);
  }
}
