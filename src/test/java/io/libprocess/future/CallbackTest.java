package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.LogCapture;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which callbacks run, when and in which order, and how their exceptions are handled. */
class CallbackTest {

  private final Promise<String> promise = new Promise<>();
  private final Future<String> future = promise.future();
  private final List<String> ran = new ArrayList<>();

  private static void registerAll(Future<String> future, List<String> ran) {
    future
        .onAny(self -> ran.add("any"))
        .onReady(value -> ran.add("ready " + value))
        .onFailed(failure -> ran.add("failed " + failure.getMessage()))
        .onDiscarded(() -> ran.add("discarded"))
        .onDiscard(() -> ran.add("discard"))
        .onAbandoned(() -> ran.add("abandoned"));
  }

  /** Ways to get to a state, and the callbacks that run then. */
  private static Stream<Arguments> endings() {
    return Stream.of(
        ending("set", p -> p.set("v"), "ready v", "any"),
        ending("fail", p -> p.fail("oops"), "failed oops", "any"),
        ending("discard", Promise::discard, "discarded", "any"),
        ending("request", p -> p.future().discard(), "discard"),
        ending("abandon", Promise::abandon, "abandoned"));
  }

  private static Arguments ending(String name, Consumer<Promise<String>> end, String... ran) {
    return Arguments.argumentSet(name, end, List.of(ran));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void stored_runsOnItsConditionOnly(Consumer<Promise<String>> end, List<String> expected) {
    registerAll(future, ran);
    assertEquals(List.of(), ran);

    end.accept(promise);

    assertEquals(expected, ran);
  }

  @ParameterizedTest
  @MethodSource("endings")
  void late_runsDuringRegistrationIfItsConditionIsTrue(
      Consumer<Promise<String>> end, List<String> expected) {
    end.accept(promise);

    registerAll(future, ran);

    assertEquals(expected.stream().sorted().toList(), ran.stream().sorted().toList());
  }

  @ParameterizedTest
  @MethodSource("endings")
  void ran_doesNotRunAgain(Consumer<Promise<String>> end, List<String> expected) {
    registerAll(future, ran);

    end.accept(promise);
    end.accept(promise);

    assertEquals(expected, ran);
  }

  @Test
  void onAny_runsDuringRegistrationOnAReadyFutureWithTheFutureAsArgument() {
    Future<String> ready = Future.of("value");
    List<Future<String>> given = new ArrayList<>();

    assertSame(ready, ready.onAny(given::add));

    assertEquals(List.of(ready), given);
  }

  @Test
  void callableOnce_onAReadyFutureExactlyOnReadyAndOnAnyRun() {
    registerAll(Future.of("v"), ran);

    assertEquals(List.of("any", "ready v"), ran);
  }

  @Test
  void onDiscard_runsEvenAfterCompletionIfTheFlagIsOn() {
    future.discard();
    promise.set("v");

    future.onDiscard(() -> ran.add("discard"));

    assertEquals(List.of("discard"), ran);
  }

  @Test
  void onAbandoned_runsEvenAfterCompletionIfTheFlagIsOn() {
    promise.abandon();
    promise.set("v");

    future.onAbandoned(() -> ran.add("abandoned"));

    assertEquals(List.of("abandoned"), ran);
  }

  @Test
  void onDiscardAndOnAbandoned_leaveTheOthersStored() {
    registerAll(future, ran);
    future.discard();
    promise.abandon();
    promise.set("v");

    assertEquals(List.of("discard", "abandoned", "ready v", "any"), ran);
  }

  /* ------ Order ------ */

  @Test
  void order_isTheKindsOwnFirstThenAny_eachAsRegistered() {
    future.onAny(self -> ran.add("any 1"));
    future.onReady(value -> ran.add("ready 1"));
    future.map(value -> ran.add("map"));
    future.onReady(value -> ran.add("ready 2"));
    future.onAny(self -> ran.add("any 2"));

    promise.set("v");

    assertEquals(List.of("ready 1", "ready 2", "any 1", "map", "any 2"), ran);
  }

  @Test
  void order_isTheSameAfterADiscardRequest() {
    future.onAny(self -> ran.add("any 1"));
    future.onFailed(failure -> ran.add("failed 1"));
    future.discard();
    future.onFailed(failure -> ran.add("failed 2"));
    future.onAny(self -> ran.add("any 2"));

    promise.fail("oops");

    assertEquals(List.of("failed 1", "failed 2", "any 1", "any 2"), ran);
  }

  @Test
  void order_everyOnReadyRunsBeforeAContinuationRegisteredEarlier() {
    future.then(value -> Future.of(ran.add("then")));
    future.recover(self -> Future.of("x")).onAny(self -> ran.add("recover"));
    future.repair(self -> Future.of("x")).onAny(self -> ran.add("repair"));
    future.undiscardable().onAny(self -> ran.add("undiscardable"));
    Futures.await(future).onAny(self -> ran.add("await"));
    Futures.select(List.of(future)).onAny(self -> ran.add("select"));
    future.onReady(value -> ran.add("ready"));

    promise.set("v");

    assertEquals(
        List.of("ready", "then", "recover", "repair", "undiscardable", "await", "select"), ran);
  }

  @Test
  void order_whatOneCallbackCompletesRunsBeforeTheNext() {
    Future<String> derived = future.map(value -> value + "'");
    derived.map(value -> value + "'").onReady(ran::add);
    derived.onReady(ran::add);
    future.onAny(self -> ran.add("last"));

    promise.set("v");

    assertEquals(List.of("v'", "v''", "last"), ran);
  }

  @Test
  void order_ofRequestsIsTheFurthestFutureFirst() {
    Future<String> derived = future.map(value -> value);
    derived.onDiscard(() -> ran.add("derived 1"));
    derived.onDiscard(() -> ran.add("derived 2"));
    future.onDiscard(() -> ran.add("source"));

    derived.discard();

    assertEquals(List.of("source", "derived 1", "derived 2"), ran);
  }

  /* ------ Re-entrancy ------ */

  @Test
  void state_isVisibleBeforeTheFirstCallback() {
    future.onReady(value -> ran.add(future + " " + future.get()));

    promise.set("v");

    assertEquals(List.of("Ready v"), ran);
  }

  @Test
  void registrationInACallback_runsAtOnceAndOvertakes() {
    future.onReady(value -> future.onAny(self -> ran.add("overtakes")));
    future.onReady(value -> ran.add("stored"));

    promise.set("v");

    assertEquals(List.of("overtakes", "stored"), ran);
  }

  @Test
  void requestInACallback_isIgnoredOnACompletedFuture() {
    future.onReady(value -> ran.add("discard: " + future.discard()));

    promise.set("v");

    assertEquals(List.of("discard: false"), ran);
    assertFalse(future.hasDiscard());
  }

  @Test
  void completionInACallback_ofAnotherPromise() {
    Promise<String> other = new Promise<>();
    other.future().onReady(value -> ran.add("other " + value));
    future.onReady(other::set);
    future.onReady(value -> ran.add("next"));

    promise.set("v");

    assertEquals(List.of("other v", "next"), ran);
  }

  @Test
  void completionInACallback_ofTheSameFutureComesTooLate() {
    future.onReady(value -> ran.add("set: " + promise.set("again")));

    promise.set("v");

    assertEquals(List.of("set: false"), ran);
    assertEquals("v", future.get());
  }

  @Test
  void completionInOnDiscard_isHowAProducerFollowsARequest() {
    future.onDiscard(() -> ran.add("complete: " + promise.discard()));
    future.onDiscarded(() -> ran.add("discarded"));
    future.onDiscard(() -> ran.add("second request callback"));

    assertTrue(future.discard());

    assertTrue(future.isDiscarded());
    assertEquals(List.of("discarded", "complete: true", "second request callback"), ran);
  }

  @Test
  void requestInOnDiscard_isNotTheFirst() {
    future.onDiscard(() -> ran.add("again: " + future.discard()));

    assertTrue(future.discard());

    assertEquals(List.of("again: false"), ran);
  }

  @Test
  void completionInOnAbandoned_isPossible() {
    future.onAbandoned(() -> promise.set("rescued"));

    promise.abandon();

    assertEquals("rescued", future.get());
  }

  /* ------ Exceptions ------ */

  @Test
  void exception_isLoggedAndHidesNoOther() {
    try (LogCapture log = new LogCapture()) {
      IOException first = new IOException("first");
      Error second = new AssertionError("second");
      future.onReady(value -> fail(first));
      future.onReady(value -> ran.add("ready"));
      future.onAny(self -> fail(second));
      future.onAny(self -> ran.add("any"));

      assertTrue(promise.set("v"));

      assertEquals(List.of("ready", "any"), ran);
      assertEquals(List.of(first, second), log.thrown());
      assertEquals(Level.SEVERE, log.records().get(0).getLevel());
    }
  }

  private static void fail(Throwable throwable) throws Exception {
    if (throwable instanceof Error error) {
      throw error;
    }
    throw (Exception) throwable;
  }

  private enum Registration {
    FAILED((f, c) -> f.onFailed(x -> c.run()), p -> p.fail("oops")),
    DISCARDED(Future::onDiscarded, Promise::discard),
    ANY((f, c) -> f.onAny(x -> c.run()), p -> p.set("v")),
    READY((f, c) -> f.onReady(x -> c.run()), p -> p.set("v")),
    DISCARD(Future::onDiscard, p -> p.future().discard()),
    ABANDONED(Future::onAbandoned, Promise::abandon);

    final BiConsumer<Future<String>, CheckedRunnable> register;
    final Consumer<Promise<String>> cause;

    Registration(
        BiConsumer<Future<String>, CheckedRunnable> register, Consumer<Promise<String>> cause) {
      this.register = register;
      this.cause = cause;
    }
  }

  @ParameterizedTest
  @EnumSource
  void exception_ofEveryKindIsLoggedWhenStoredAndWhenLate(Registration kind) {
    try (LogCapture log = new LogCapture()) {
      IOException stored = new IOException("stored");
      IOException late = new IOException("late");
      kind.register.accept(future, () -> fail(stored));
      kind.register.accept(future, () -> ran.add("next"));

      kind.cause.accept(promise);
      kind.register.accept(future, () -> fail(late));

      assertEquals(List.of("next"), ran);
      assertEquals(List.of(stored, late), log.thrown());
    }
  }

  /* ------ Release ------ */

  @ParameterizedTest
  @EnumSource
  void captured_isReleasedOnceAnyCompletionHasRun(Registration kind) {
    WeakReference<Object> captured = capture(kind);
    Future<String> held = future.map(value -> value);

    promise.set("v");

    Reachability.assertCleared(captured);
    assertNotNull(held);
  }

  private WeakReference<Object> capture(Registration kind) {
    Object resource = new Object();
    kind.register.accept(future, () -> ran.add(resource.toString()));
    return new WeakReference<>(resource);
  }

  @Test
  void captured_byRequestCallbacksIsReleasedByTheRequest() {
    WeakReference<Object> captured = capture(Registration.DISCARD);

    future.discard();

    Reachability.assertCleared(captured);
    assertTrue(future.isPending());
  }

  @Test
  void captured_byAbandonmentCallbacksIsReleasedByTheAbandonment() {
    WeakReference<Object> captured = capture(Registration.ABANDONED);

    promise.abandon();

    Reachability.assertCleared(captured);
    assertTrue(future.isPending());
  }

  @Test
  void captured_byAContinuationIsReleasedWhenItReturns() {
    Promise<String> inner = new Promise<>();
    WeakReference<Object> captured = capture(inner);
    Future<String> result = future.then(held.remove(0));

    promise.set("v");

    Reachability.assertCleared(captured);
    assertTrue(result.isPending());
  }

  @Test
  void captured_byARepairIsReleasedWhenItReturns() {
    Promise<String> inner = new Promise<>();
    WeakReference<Object> captured = capture(inner);
    CheckedFunction<String, Future<String>> function = held.remove(0);
    Future<String> result = repair(function);
    function = null;

    promise.fail("oops");

    Reachability.assertCleared(captured);
    assertTrue(result.isPending());
  }

  private Future<String> repair(CheckedFunction<String, Future<String>> function) {
    return future.repair(failed -> function.apply("v"));
  }

  private final List<CheckedFunction<String, Future<String>>> held = new ArrayList<>();

  private WeakReference<Object> capture(Promise<String> inner) {
    Object resource = new Object();
    held.add(value -> resource.hashCode() == 0 ? null : inner.future());
    return new WeakReference<>(resource);
  }

  @Test
  void waitingContinuation_holdsNeitherTheOtherCallbacksNorTheSourcesOfItsSource() {
    Promise<String> inner = new Promise<>();
    WeakReference<Object> sibling = completeWithSiblings(inner);

    Reachability.assertCleared(sibling);
    assertTrue(results.get(0).isPending());
  }

  private final List<Future<?>> results = new ArrayList<>();

  /** The result of a {@code then} stays pending; a big value of a sibling must not stay with it. */
  private WeakReference<Object> completeWithSiblings(Promise<String> inner) {
    Promise<Object> big = new Promise<>();
    Future<Object> source = big.future().map(value -> value);
    source.map(value -> value);
    results.add(source.then(value -> inner.future()));
    source.map(value -> value);
    Object value = new Object();
    big.set(value);
    return new WeakReference<>(value);
  }
}
