package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Call sites that have to compile: lambdas and method references, with and without exceptions. */
class CompilationTest {

  private static final Duration LONG = Duration.ofDays(1);

  private final Future<String> future = Future.of("value");
  private final List<Object> ran = new ArrayList<>();

  private static int length(String text) throws IOException {
    return text.length();
  }

  private static Future<Integer> lengthLater(String text) throws IOException {
    return Future.of(text.length());
  }

  private void consume(Object value) throws IOException {
    ran.add(value);
  }

  private void act() throws IOException {
    ran.add("act");
  }

  private static Future<String> again(Future<String> failed) throws IOException {
    return Future.of(failed.toString());
  }

  private static Future<String> anew(Object anything) {
    return Future.of("anew");
  }

  @Test
  void callbacks_takeLambdasAndMethodReferencesWithAndWithoutResult() {
    future
        .onReady(value -> ran.add(value))
        .onReady(ran::add)
        .onReady(this::consume)
        .onReady(value -> consume(value))
        .onReady(
            value -> {
              consume(value);
            })
        .onFailed(failure -> ran.add(failure.getMessage()))
        .onFailed(this::consume)
        .onDiscarded(() -> ran.clear())
        .onDiscarded(this::act)
        .onAny(self -> ran.add(self.isReady()))
        .onAny(this::consume)
        .onDiscard(ran::clear)
        .onDiscard(this::act)
        .onAbandoned(() -> act())
        .onAbandoned(this::act);

    assertEquals(List.of("value", "value", "value", "value", "value", true, future), ran);
  }

  @Test
  void map_takesFunctionsToPlainValues() {
    assertEquals(5, future.map(String::length).get());
    assertEquals(5, future.map(CompilationTest::length).get());
    Future<Number> wider = future.map(value -> length(value));
    Future<Object> fromObject = future.map(Object::toString);

    assertEquals(5, wider.get());
    assertEquals("value", fromObject.get());
  }

  @Test
  void then_takesFunctionsToFutures() {
    assertEquals(5, future.then(CompilationTest::lengthLater).get());
    assertEquals(5, future.then(value -> lengthLater(value)).get());
    assertEquals("anew", future.then(CompilationTest::anew).get());
    Future<Void> none = future.then(value -> Future.done());
    Future<String> failed = future.then(value -> Future.failed("oops"));

    assertTrue(none.isReady());
    assertTrue(failed.isFailed());
  }

  @Test
  void repairRecoverAndAfter_takeFunctionsOfTheFuture() {
    Future<String> failed = Future.failed("oops");

    assertEquals("Failed: oops", failed.repair(CompilationTest::again).get());
    assertEquals("Failed: oops", failed.recover(CompilationTest::again).get());
    assertEquals("anew", failed.repair(CompilationTest::anew).get());
    assertEquals("x", failed.recover(self -> Future.of("x")).get());
    assertTrue(failed.after(LONG, CompilationTest::again).isFailed());
    assertTrue(failed.after(LONG, self -> Future.failed("timeout")).isFailed());
    assertTrue(
        failed
            .after(
                LONG,
                self -> {
                  self.discard();
                  return Future.failed("timeout");
                })
            .isFailed());
  }

  @Test
  void joins_inferTheirTypes() {
    List<Future<String>> futures = List.of(future, Future.of("other"));

    assertEquals("value", Futures.collect(futures).map(values -> values.get(0)).get());
    assertEquals(6, Futures.collect(future, Future.of(1)).map(t -> length(t.first()) + 1).get());
    assertEquals("value", Futures.await(future).then(completed -> completed).get());
    assertEquals("value", Futures.select(futures).map(Future::get).get());
    assertEquals(
        2, Futures.await(future, Future.of(1)).then(t -> t.second()).map(one -> one + 1).get());
  }

  @Test
  void loop_takesLambdasAndMethodReferences() {
    Executor executor = Runnable::run;

    assertEquals(
        5,
        Futures.loop(() -> future, value -> Future.of(ControlFlow.breakWith(length(value)))).get());
    assertTrue(Futures.loop(Future::done, this::finish).isReady());
    assertTrue(Futures.loop(executor, Future::done, this::finish).isReady());
  }

  private Future<ControlFlow<Void>> finish(Void none) throws IOException {
    return Future.of(ControlFlow.finish());
  }

  @Test
  void undiscardable_infersItsTypes() {
    assertEquals(5, future.then(Futures.undiscardable(CompilationTest::lengthLater)).get());
    assertEquals(5, future.then(Futures.undiscardable(value -> Future.of(value.length()))).get());
  }

  @Test
  void promises_areSetAndFailedByMethodReference() {
    Promise<String> promise = new Promise<>();
    future.onReady(promise::set).onFailed(promise::fail).onDiscarded(promise::discard);

    assertEquals("value", promise.future().get());
  }

  @Test
  void controlFlow_canBeTakenApart() {
    ControlFlow<String> flow = ControlFlow.breakWith("value");

    assertEquals(
        "value", flow instanceof ControlFlow.Break<String> end ? end.value() : "continued");
  }
}
