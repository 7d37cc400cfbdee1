package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Indescribable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@link Futures#collect}, {@link Futures#await} and {@link Futures#select}. */
class JoinTest {

  private final Promise<String> a = new Promise<>();
  private final Promise<String> b = new Promise<>();
  private final Promise<String> c = new Promise<>();
  private final Promise<Integer> number = new Promise<>();
  private final List<Future<String>> all = List.of(a.future(), b.future(), c.future());

  /* ------ select ------ */

  @Test
  void select_yieldsTheReadyMember() {
    b.set("b");

    assertSame(b.future(), Futures.select(all).get());
  }

  @Test
  void select_withNoneReadyStaysPendingAndARequestDiscardsItAlone() {
    Future<Future<String>> first = Futures.select(Set.copyOf(all));
    assertTrue(first.isPending());

    assertTrue(first.discard());

    assertTrue(first.isDiscarded());
    assertFalse(a.future().hasDiscard());
  }

  @Test
  void select_yieldsTheFirstThatBecomesReadyAndIgnoresOthers() {
    Future<Future<String>> first = Futures.select(all);

    a.fail("oops");
    b.discard();
    assertTrue(first.isPending());
    c.set("c");

    assertSame(c.future(), first.get());
  }

  @Test
  void select_ofSeveralReadyYieldsTheFirst() {
    c.set("c");
    b.set("b");

    assertSame(b.future(), Futures.select(all).get());
  }

  @Test
  void select_isAbandonedIfEmptyOrWhenNothingCanComeAnyMore() {
    assertTrue(Futures.select(List.of()).isAbandoned());
    Future<Future<String>> first = Futures.select(all);

    a.fail("oops");
    b.discard();
    assertFalse(first.isAbandoned());
    c.abandon();

    assertTrue(first.isAbandoned());
    assertTrue(first.isPending());
  }

  @Test
  void select_anAbandonedInputMayStillComplete() {
    Future<Future<String>> first = Futures.select(List.of(a.future()));
    a.abandon();

    a.set("a");

    assertSame(a.future(), first.get());
  }

  @Test
  void select_anAbandonedInputThatThenFailsCountsOnce() {
    Future<Future<String>> first = Futures.select(List.of(a.future(), b.future()));

    a.abandon();
    a.fail("oops");
    assertFalse(first.isAbandoned());
    b.set("b");

    assertSame(b.future(), first.get());
  }

  /* ------ collect ------ */

  @Test
  void collectReady_emptyInputIsReadyAndEmpty() {
    assertEquals(List.of(), Futures.collect(List.<Future<String>>of()).get());
  }

  @Test
  void collectReady_promisesSetOutOfOrderGiveValuesInInputOrder() {
    Future<List<String>> result = Futures.collect(all);

    c.set("c");
    a.set("a");
    assertTrue(result.isPending());
    b.set("b");

    assertEquals(List.of("a", "b", "c"), result.get());
  }

  @Test
  void collect_isReadyAtOnceIfAllInputsAre() {
    assertTrue(Futures.collect(List.of(Future.of(1), Future.of(2))).isReady());
  }

  @Test
  void collect_valuesMayBeNullAndTheListIsUnmodifiable() {
    List<String> values = Futures.collect(List.of(Future.<String>of(null))).get();

    assertEquals(Arrays.asList((String) null), values);
    assertThrows(UnsupportedOperationException.class, () -> values.set(0, "x"));
  }

  @Test
  void collect_doesNotNoticeLaterChangesOfTheInputList() {
    List<Future<String>> inputs = new ArrayList<>(all);
    Future<List<String>> result = Futures.collect(inputs);
    inputs.clear();

    result.discard();

    assertTrue(a.future().hasDiscard());
  }

  @Test
  void collectFailure_aHeterogeneousJoinIsPendingUntilAllAreSet() {
    Future<Tuple.Of2<String, Integer>> result = Futures.collect(a.future(), number.future());
    assertTrue(result.isPending());
    a.set("a");
    assertTrue(result.isPending());
    number.set(1);

    assertEquals(new Tuple.Of2<>("a", 1), result.get());
  }

  @Test
  void collectFailure_aFailedInputFailsIt() {
    IOException cause = new IOException("disk");
    Future<Tuple.Of2<String, Integer>> typed = Futures.collect(a.future(), number.future());
    Future<List<String>> list = Futures.collect(all);

    a.fail(cause);

    assertEquals("Collect failed: java.io.IOException: disk", typed.failure().getMessage());
    assertEquals("Collect failed: java.io.IOException: disk", list.failure().getMessage());
    assertSame(cause, list.failure().getCause());
  }

  @Test
  void collectFailure_theFirstFailureInOrderOfArrivalCountsAndOthersGoOn() {
    Future<List<String>> result = Futures.collect(all);

    c.fail("late in the list");
    a.fail("late in time");

    assertEquals("Collect failed: late in the list", result.failure().getMessage());
    assertFalse(b.future().hasDiscard());
    assertTrue(b.set("b"));
  }

  @Test
  void collectFailure_aDiscardedInputFailsItAsWell() {
    Future<Tuple.Of2<String, Integer>> typed = Futures.collect(a.future(), number.future());
    Future<List<String>> list = Futures.collect(all);

    a.discard();

    assertEquals("Collect failed: future discarded", typed.failure().getMessage());
    assertEquals("Collect failed: future discarded", list.failure().getMessage());
  }

  @Test
  void collectTyped_aValueAfterARequestDoesNotCount_inTheListItDoes() {
    Future<Tuple.Of2<String, Integer>> typed = Futures.collect(a.future(), Future.of(1));
    Future<List<String>> list = Futures.collect(List.of(a.future()));
    a.future().discard();

    a.set("a");

    assertEquals("Collect failed: future discarded", typed.failure().getMessage());
    assertEquals(List.of("a"), list.get());
  }

  @Test
  void collectDiscardPropagation_aRequestReachesAllInputsInOrderAndThenDiscardsTheJoin() {
    List<String> order = new ArrayList<>();
    a.future().onDiscard(() -> order.add("a"));
    b.future().onDiscard(() -> order.add("b"));
    c.future().onDiscard(() -> order.add("c"));
    Future<List<String>> result = Futures.collect(all);
    result.onDiscarded(() -> order.add("result"));

    result.discard();

    assertEquals(List.of("a", "b", "c", "result"), order);
    assertTrue(result.isDiscarded());
    assertTrue(a.future().isPending());
  }

  @Test
  void collectDiscardPropagation_inputsThatFollowTheRequestDoNotFailTheJoin() {
    a.future().onDiscard(a::discard);
    b.future().onDiscard(() -> b.fail("cancelled"));
    Future<List<String>> result = Futures.collect(all);

    result.discard();

    assertTrue(result.isDiscarded());
  }

  @Test
  void collectDiscardPropagation_ofATypedJoin() {
    Future<Tuple.Of2<String, Integer>> result = Futures.collect(a.future(), number.future());

    result.discard();

    assertTrue(a.future().hasDiscard());
    assertTrue(number.future().hasDiscard());
    assertTrue(result.isDiscarded());
  }

  @Test
  void collectAbandonedPropagation_isObservableThroughRecover() {
    Future<List<String>> result =
        Futures.collect(all)
            .recover(join -> Future.of(List.of("abandoned: " + join.isAbandoned())));

    b.abandon();

    assertEquals(List.of("abandoned: true"), result.get());
  }

  @Test
  void collect_theSameFutureListedTwiceCountsTwice() {
    Future<List<String>> result = Futures.collect(List.of(a.future(), a.future()));

    a.set("a");

    assertEquals(List.of("a", "a"), result.get());
  }

  @Test
  void collectTyped_takesTwoToFive() {
    Future<String> s = Future.of("s");
    Future<Integer> i = Future.of(1);
    Future<Void> none = Future.done();

    assertEquals(new Tuple.Of2<>("s", 1), Futures.collect(s, i).get());
    assertEquals(new Tuple.Of3<>("s", 1, null), Futures.collect(s, i, none).get());
    assertEquals(new Tuple.Of4<>("s", 1, null, "s"), Futures.collect(s, i, none, s).get());
    assertEquals(new Tuple.Of5<>("s", 1, null, "s", 1), Futures.collect(s, i, none, s, i).get());
  }

  /* ------ await ------ */

  @Test
  void awaitSuccess_emptyInputIsReady() {
    assertEquals(List.of(), Futures.await(List.<Future<String>>of()).get());
  }

  @Test
  void awaitSuccess_allInputsAreReturnedInOrderEachReady() {
    Future<List<Future<String>>> result = Futures.await(all);

    c.set("c");
    b.set("b");
    assertTrue(result.isPending());
    a.set("a");

    assertEquals(all, result.get());
    assertTrue(result.get().stream().allMatch(Future::isReady));
  }

  @Test
  void awaitFailure_isReadyAlthoughOneInputFailed() {
    Future<List<Future<String>>> result = Futures.await(all);

    a.fail("oops");
    b.set("b");
    c.set("c");

    assertEquals(
        List.of("Failed: oops", "Ready", "Ready"),
        result.get().stream().map(Future::toString).toList());
  }

  @Test
  void awaitDiscarded_isReadyAlthoughOneInputWasDiscarded() {
    Future<List<Future<String>>> result = Futures.await(all);

    a.set("a");
    b.discard();
    c.set("c");

    assertTrue(result.get().get(1).isDiscarded());
  }

  @Test
  void awaitDiscardPropagation_aRequestDiscardsTheJoinAndReachesAllInputs() {
    Future<List<Future<String>>> result = Futures.await(all);

    result.discard();

    assertTrue(result.isDiscarded());
    assertTrue(all.stream().allMatch(Future::hasDiscard));
  }

  @Test
  void awaitAbandonedPropagation_alsoWithAnInputAbandonedFromTheStart() {
    Future<List<Future<String>>> result = Futures.await(all);
    a.abandon();

    assertTrue(result.isAbandoned());
    assertTrue(Futures.await(List.of(b.future(), Future.abandoned())).isAbandoned());
  }

  @Test
  void awaitSingleDiscard_aChainIsDiscardedAlthoughTheInputNeverCompletes() {
    Future<String> chain = Futures.await(a.future()).then(completed -> completed);

    chain.discard();

    assertTrue(chain.isDiscarded());
    assertTrue(a.future().hasDiscard());
    assertTrue(a.future().isPending());
  }

  @Test
  void awaitSingleAbandon_losingThePromiseAbandonsTheChainAndRecoverSuppliesAValue() {
    Future<String> chain = Futures.await(a.future()).then(completed -> completed);
    Future<String> recovered = chain.recover(abandoned -> Future.of("recovered"));

    a.abandon();

    assertTrue(chain.isAbandoned());
    assertEquals("recovered", recovered.get());
  }

  @Test
  void awaitTyped_takesOneToFiveAndGivesTheFuturesThemselves() {
    Future<Integer> i = Future.failed("oops");
    Future<Tuple.Of2<Future<String>, Future<Integer>>> two = Futures.await(a.future(), i);
    assertTrue(two.isPending());
    a.set("a");

    Future<String> s = a.future();
    assertSame(s, Futures.await(s).get());
    assertEquals(new Tuple.Of2<>(s, i), two.get());
    assertEquals(new Tuple.Of3<>(s, i, s), Futures.await(s, i, s).get());
    assertEquals(new Tuple.Of4<>(s, i, s, i), Futures.await(s, i, s, i).get());
    assertEquals(new Tuple.Of5<>(s, i, s, i, s), Futures.await(s, i, s, i, s).get());
  }

  @Test
  void joins_refuseNullInputs() {
    assertThrows(
        NullPointerException.class, () -> Futures.collect(Arrays.asList(a.future(), null)));
    assertThrows(NullPointerException.class, () -> Futures.await(a.future(), null));
    assertThrows(NullPointerException.class, () -> Futures.select(Arrays.asList(a.future(), null)));
  }

  @Test
  void collect_ofAFailureThatCannotSayWhatItIsFails() {
    Future<String> indescribable = Future.failed(new Indescribable());
    assertEquals("Failed: " + Indescribable.class.getName(), indescribable.toString());
    Future<List<String>> result = Futures.collect(List.of(indescribable));
    assertEquals("Collect failed: " + Indescribable.class.getName(), result.failure().getMessage());
  }
}
