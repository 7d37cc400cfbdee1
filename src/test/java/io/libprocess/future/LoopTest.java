package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.Droppable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Futures#loop}. */
@Timeout(60)
class LoopTest {

  private final ArrayDeque<Promise<Integer>> values = new ArrayDeque<>();
  private final ArrayDeque<Promise<ControlFlow<String>>> flows = new ArrayDeque<>();
  private final List<Integer> given = new ArrayList<>();

  private Future<Integer> nextValue() {
    Promise<Integer> promise = new Promise<>();
    values.add(promise);
    return promise.future();
  }

  private Future<ControlFlow<String>> body(Integer value) {
    given.add(value);
    Promise<ControlFlow<String>> promise = new Promise<>();
    flows.add(promise);
    return promise.future();
  }

  private final Future<String> loop = Futures.loop(this::nextValue, this::body);

  @Test
  void sync_aLoopOfImmediateValuesRunsUntilTheBodyBreaks() {
    AtomicInteger next = new AtomicInteger();

    Future<String> result =
        Futures.loop(
            () -> Future.of(next.incrementAndGet()),
            i ->
                Future.of(
                    i < 10 ? ControlFlow.proceed() : ControlFlow.breakWith("stopped at " + i)));

    assertEquals("stopped at 10", result.get());
  }

  @Test
  void sync_withAnExecutorNothingRunsInsideTheCall() {
    ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    Future<Void> result =
        Futures.loop(tasks::add, () -> Future.of(1), i -> Future.of(ControlFlow.finish()));
    assertTrue(result.isPending());

    tasks.remove().run();

    assertTrue(result.isReady());
  }

  @Test
  void async_waitsForAPendingIterateThenForAPendingBodyAndTheBreakValueIsTheResult() {
    assertTrue(loop.isPending());
    assertEquals(List.of(), given);

    values.remove().set(1);
    assertEquals(List.of(1), given);
    flows.remove().set(ControlFlow.proceed());
    assertEquals(1, values.size());
    values.remove().set(2);
    assertTrue(loop.isPending());
    flows.remove().set(ControlFlow.breakWith("done"));

    assertEquals("done", loop.get());
    assertEquals(List.of(1, 2), given);
    assertEquals(0, values.size());
  }

  @Test
  void async_withAnExecutorBothFunctionsRunOnlyThere() {
    ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    Future<String> result = Futures.loop(tasks::add, this::nextValue, this::body);
    values.clear(); // Of the other loop.

    tasks.remove().run();
    values.remove().set(1);
    assertEquals(List.of(), given);
    tasks.remove().run();
    assertEquals(List.of(1), given);
    flows.remove().set(ControlFlow.breakWith("done"));
    assertTrue(result.isPending());
    tasks.remove().run();

    assertEquals("done", result.get());
  }

  @Test
  void discardIterate_aRequestReachesThePendingIterateAndItsDiscardDiscardsTheLoop() {
    Promise<Integer> value = values.remove();

    loop.discard();
    assertTrue(value.future().hasDiscard());
    assertTrue(loop.isPending());
    value.discard();

    assertTrue(loop.isDiscarded());
  }

  @Test
  void discardBody_aRequestReachesThePendingBodyThroughThen() {
    Promise<String> inner = new Promise<>();
    Future<String> result =
        Futures.loop(
            () -> Future.of(1), i -> inner.future().then(v -> Future.of(ControlFlow.breakWith(v))));

    result.discard();
    assertTrue(inner.future().hasDiscard());
    inner.discard();

    assertTrue(result.isDiscarded());
  }

  @Test
  void discard_everyLaterPendingStepIsAskedToo() {
    loop.discard();
    values.remove().set(1);
    assertTrue(flows.peek().future().hasDiscard());
    flows.remove().set(ControlFlow.proceed());

    assertTrue(values.peek().future().hasDiscard());
    assertTrue(loop.isPending());
  }

  @Test
  void discard_aBreakAfterARequestIsReady() {
    loop.discard();
    values.remove().set(1);

    flows.remove().set(ControlFlow.breakWith("done"));

    assertEquals("done", loop.get());
    assertTrue(loop.hasDiscard());
  }

  @Test
  void discard_doesNotEndALoopWhoseStepsIgnoreIt() {
    loop.discard();
    for (int i = 0; i < 100; i++) {
      values.remove().set(i);
      flows.remove().set(ControlFlow.proceed());
    }

    assertTrue(loop.isPending());
  }

  @Test
  void discard_stepsThatAnswerItAtOnceWithAValueDoNotNest() {
    AtomicInteger left = new AtomicInteger(100_000);
    Promise<Integer> first = new Promise<>();
    Future<String> result =
        Futures.loop(
            () -> first.future().isPending() ? first.future() : answeringWith(1),
            i ->
                Future.of(
                    left.decrementAndGet() > 0
                        ? ControlFlow.proceed()
                        : ControlFlow.breakWith("done")));
    result.discard();

    first.set(1);

    assertEquals("done", result.get());
  }

  private static Future<Integer> answeringWith(int value) {
    Promise<Integer> promise = new Promise<>();
    promise.future().onDiscard(() -> promise.set(value));
    return promise.future();
  }

  @Test
  void failure_ofIterateEndsTheLoop() {
    values.remove().fail("oops");

    assertEquals("oops", loop.failure().getMessage());
  }

  @Test
  void failure_ofTheBodyEndsTheLoop() {
    values.remove().set(1);
    flows.remove().fail("oops");

    assertEquals("oops", loop.failure().getMessage());
    assertEquals(0, values.size());
  }

  @Test
  void failure_thatIsThrownEndsTheLoop() {
    IOException thrown = new IOException("thrown");

    assertSame(
        thrown,
        Futures.<Integer, Void>loop(
                () -> {
                  throw thrown;
                },
                i -> Future.of(ControlFlow.finish()))
            .failure());
    assertSame(
        thrown,
        Futures.<Integer, Void>loop(
                () -> Future.of(1),
                i -> {
                  throw thrown;
                })
            .failure());
  }

  @Test
  void failure_ofABodyThatSaysNothing() {
    assertEquals(
        "the body of a loop returned null",
        Futures.loop(() -> Future.of(1), i -> Future.<ControlFlow<Void>>of(null))
            .failure()
            .getMessage());
  }

  @Test
  void failure_ofAnExecutorThatRejects() {
    RejectedExecutionException rejection = new RejectedExecutionException("closed");

    Future<String> result =
        Futures.loop(
            task -> {
              throw rejection;
            },
            this::nextValue,
            this::body);

    assertSame(rejection, result.failure());
  }

  @Test
  void failure_ofAStepNeedsNoExecutor() {
    ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    Promise<Integer> value = new Promise<>();
    Future<String> result = Futures.loop(tasks::add, value::future, this::body);
    tasks.remove().run();

    value.fail("oops");

    assertEquals("oops", result.failure().getMessage());
  }

  @Test
  void abandonment_ofThePendingStepAbandonsTheLoop() {
    values.peek().abandon();
    assertTrue(loop.isAbandoned());
    assertTrue(loop.isPending());

    values.remove().set(1);
    assertEquals(List.of(1), given);
  }

  @Test
  void steps_thatWereReadyAreNotAsked() {
    Future<Integer> ready = Future.of(1);
    Future<String> result = Futures.loop(() -> ready, this::body);

    result.discard();

    assertFalse(ready.hasDiscard());
  }

  @Test
  void stack_staysConstantOverAMillionReadySteps() {
    AtomicInteger next = new AtomicInteger();
    Future<Integer> result =
        Futures.loop(
            () -> Future.of(next.incrementAndGet()),
            i -> Future.of(i < 1_000_000 ? ControlFlow.proceed() : ControlFlow.breakWith(i)));

    assertEquals(1_000_000, result.get());
  }

  @Test
  void stack_staysConstantOverAMillionStepsThatComplete() {
    for (int i = 0; i < 1_000_000; i++) {
      values.remove().set(i);
      flows.remove().set(ControlFlow.proceed());
    }

    assertTrue(loop.isPending());
    assertEquals(1_000_000, given.size());
  }

  /** As a process does that has ended. */
  @Test
  void executorThatDropsTheRun_abandonsTheResult() {
    Future<Integer> result =
        Futures.loop(
            task -> ((Droppable) task).dropped(),
            () -> Future.of(1),
            value -> Future.of(ControlFlow.breakWith(value)));

    assertTrue(result.isAbandoned());
    assertTrue(result.isPending());
  }
}
