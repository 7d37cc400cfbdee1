package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Promise#abandon} and its propagation. */
class AbandonTest {

  private final Promise<String> promise = new Promise<>();
  private final Future<String> future = promise.future();
  private final List<String> ran = new ArrayList<>();

  @Test
  void abandoned_isAFutureWithoutPromiseButNotOneWithAPromise() {
    assertTrue(Future.abandoned().isAbandoned());
    assertTrue(Future.abandoned().isPending());
    assertFalse(future.isAbandoned());

    assertTrue(promise.abandon());

    assertTrue(future.isAbandoned());
    assertTrue(future.isPending());
  }

  @Test
  void abandonedChain_travelsThroughTwoStepsToTheEnd() {
    Future<String> chain = future.then(Future::of).then(Future::of);
    assertFalse(chain.isAbandoned());

    promise.abandon();

    assertTrue(chain.isAbandoned());
    assertTrue(chain.isPending());
  }

  @Test
  void abandon_isTrueOnce() {
    assertTrue(promise.abandon());
    assertFalse(promise.abandon());
  }

  @Test
  void abandon_runsItsCallbacksInOrderAndKeepsTheOthers() {
    future.onAbandoned(() -> ran.add("abandoned 1"));
    future.onReady(value -> ran.add("ready"));
    future.onAbandoned(() -> ran.add("abandoned 2"));
    future.onDiscard(() -> ran.add("discard"));

    promise.abandon();
    assertEquals(List.of("abandoned 1", "abandoned 2"), ran);

    future.discard();
    promise.set("value");
    assertEquals(List.of("abandoned 1", "abandoned 2", "discard", "ready"), ran);
  }

  @Test
  void abandon_afterADiscardRequestAndTheOtherWayRoundKeepsBothFlags() {
    future.discard();
    promise.abandon();

    assertEquals("Abandoned (with discard)", future.toString());
    assertTrue(future.isPending());
  }

  @Test
  void abandon_leavesTheRequestsOnWhatIsDerived() {
    Future<String> derived = future.map(value -> value);
    derived.discard();

    promise.abandon();

    assertTrue(derived.isAbandoned());
    assertTrue(derived.hasDiscard());
  }

  @Test
  void abandon_whoWaitsLaterIsToldToo() {
    promise.abandon();

    assertTrue(future.map(value -> value).then(Future::of).isAbandoned());
  }

  @Test
  void abandon_ofTheFutureThatAContinuationReturned() {
    Future<String> result = Future.of("x").then(value -> future);
    Future<String> later = promise.future().undiscardable();

    promise.abandon();

    assertTrue(result.isAbandoned());
    assertFalse(later.isAbandoned());
  }

  @Test
  void completion_afterAbandonmentReachesTheEndOfTheChain() {
    Future<String> chain = future.map(value -> value + "!");
    promise.abandon();

    promise.set("value");

    assertEquals("value!", chain.get());
    assertTrue(chain.isAbandoned());
  }

  @Test
  void await_doesNotReactToAbandonment() {
    promise.abandon();

    assertFalse(future.await(Duration.ZERO));
  }

  private static Stream<Arguments> abandonedWithTheSource() {
    return Stream.of(
        combinator("map", f -> f.map(v -> v)),
        combinator("then", f -> f.then(Future::of)),
        combinator("then on ready", f -> Future.done().then(none -> f)),
        combinator("repair", f -> f.repair(self -> Future.of("x"))),
        combinator("collect", f -> Futures.collect(List.of(Future.of("x"), f))),
        combinator("collect 2", f -> Futures.collect(Future.of(1), f)),
        combinator("await", Futures::await),
        combinator("await list", f -> Futures.await(List.of(Future.of("x"), f))),
        combinator("await 2", f -> Futures.await(Future.of(1), f)),
        combinator("select", f -> Futures.select(List.of(f, Future.failed("x")))),
        combinator("loop", f -> Futures.loop(() -> f, v -> Future.of(ControlFlow.proceed()))),
        combinator("associate", AbandonTest::associated));
  }

  private static Arguments combinator(String name, Function<Future<String>, Future<?>> make) {
    return Arguments.argumentSet(name, make);
  }

  private static Future<String> associated(Future<String> source) {
    Promise<String> promise = new Promise<>();
    promise.associate(source);
    return promise.future();
  }

  @ParameterizedTest
  @MethodSource("abandonedWithTheSource")
  void abandon_reachesWhatIsDerivedBefore(Function<Future<String>, Future<?>> combinator) {
    Future<?> derived = combinator.apply(future);
    derived.onAbandoned(() -> ran.add("told"));
    assertFalse(derived.isAbandoned());

    promise.abandon();

    assertTrue(derived.isAbandoned());
    assertTrue(derived.isPending());
    assertEquals(List.of("told"), ran);
  }

  @ParameterizedTest
  @MethodSource("abandonedWithTheSource")
  void abandon_reachesWhatIsDerivedAfter(Function<Future<String>, Future<?>> combinator) {
    promise.abandon();

    Future<?> derived = combinator.apply(future);

    assertTrue(derived.isAbandoned());
    assertTrue(derived.isPending());
  }
}
