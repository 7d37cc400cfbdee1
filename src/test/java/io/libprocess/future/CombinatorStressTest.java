package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Completions, requests and abandonment against the actions of combinators. */
class CombinatorStressTest {

  private static final int ROUNDS = 20_000;

  /** A function that returns a pending future. */
  private static final class Step {
    final Promise<Integer> source = new Promise<>();
    final Promise<Integer> inner = new Promise<>();
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger told = new AtomicInteger();
    Future<Integer> result;

    private Future<Integer> inner() {
      runs.incrementAndGet();
      return inner.future();
    }

    static Step then() {
      Step step = new Step();
      step.result = step.source.future().then(value -> step.inner());
      return step;
    }

    static Step repair() {
      Step step = new Step();
      step.result = step.source.future().repair(self -> step.inner());
      return step;
    }

    static Step recover() {
      Step step = new Step();
      step.result = step.source.future().recover(self -> step.inner());
      return step;
    }

    Step watched() {
      result.onAny(self -> told.incrementAndGet());
      return this;
    }
  }

  @Test
  void then_aRequestStopsTheFunctionOrReachesWhatItReturned() throws Exception {
    Race.play(
        ROUNDS,
        Step::then,
        step -> {
          if (step.runs.get() == 0) {
            assertTrue(step.result.isDiscarded());
          } else {
            assertTrue(step.inner.future().hasDiscard());
            assertTrue(step.result.isPending());
          }
        },
        List.of(step -> step.source.set(1), step -> step.result.discard()));
  }

  @Test
  void then_bothFuturesCompletedAtOnce() throws Exception {
    Race.play(
        ROUNDS,
        () -> Step.then().watched(),
        step -> {
          assertEquals(2, step.result.get());
          assertEquals(1, step.runs.get());
          assertEquals(1, step.told.get());
        },
        List.of(
            step -> step.source.set(1),
            step -> step.inner.set(2),
            step -> step.result.map(value -> value)));
  }

  @Test
  void then_abandonmentOfTheInnerFutureArrives() throws Exception {
    Race.play(
        ROUNDS,
        Step::then,
        step -> assertTrue(step.result.isAbandoned()),
        List.of(step -> step.source.set(1), step -> step.inner.abandon()));
  }

  @Test
  void repair_aRequestAlwaysReachesWhatTheFunctionReturned() throws Exception {
    Race.play(
        ROUNDS,
        Step::repair,
        step -> assertTrue(step.inner.future().hasDiscard()),
        List.of(step -> step.source.fail("oops"), step -> step.result.discard()));
  }

  @Test
  void recover_runsOnceWhetherAbandonedOrCompleted() throws Exception {
    Race.play(
        ROUNDS,
        () -> Step.recover().watched(),
        step -> {
          assertEquals(1, step.runs.get());
          step.inner.set(2);
          assertEquals(2, step.result.get());
          assertEquals(1, step.told.get());
        },
        List.of(
            step -> step.source.abandon(),
            step -> step.source.fail("oops"),
            step -> step.result.map(value -> value)));
  }

  @Test
  void recover_abandonedOrReady() throws Exception {
    Race.play(
        ROUNDS,
        () -> Step.recover().watched(),
        step -> {
          step.inner.set(2);
          assertEquals(step.runs.get() == 0 ? 1 : 2, step.result.get());
          assertEquals(1, step.told.get());
        },
        List.of(step -> step.source.abandon(), step -> step.source.set(1)));
  }

  @Test
  void recover_aRequestIsForgottenOrReachesWhatTheFunctionReturned() throws Exception {
    Race.play(
        ROUNDS,
        Step::recover,
        step -> {
          assertEquals(1, step.runs.get());
          assertTrue(!step.result.hasDiscard() || step.inner.future().hasDiscard());
          boolean first = !step.result.hasDiscard();
          assertEquals(first, step.result.discard());
          assertTrue(step.inner.future().hasDiscard());
        },
        List.of(step -> step.source.fail("oops"), step -> step.result.discard()));
  }

  /** Three inputs of a join. */
  private static final class Inputs {
    final List<Promise<Integer>> promises =
        List.of(new Promise<>(), new Promise<>(), new Promise<>());
    final List<Future<Integer>> futures = promises.stream().map(Promise::future).toList();
    final AtomicInteger told = new AtomicInteger();
    Future<List<Integer>> collected;
    Future<List<Future<Integer>>> awaited;
    Future<Future<Integer>> selected;

    Inputs join() {
      collected = Futures.collect(futures);
      awaited = Futures.await(futures);
      selected = Futures.select(futures);
      collected.onAny(self -> told.incrementAndGet());
      awaited.onAny(self -> told.incrementAndGet());
      selected.onAny(self -> told.incrementAndGet());
      return this;
    }
  }

  @Test
  void joins_ofInputsSetAtOnce() throws Exception {
    Race.play(
        ROUNDS,
        () -> new Inputs().join(),
        inputs -> {
          assertEquals(List.of(0, 1, 2), inputs.collected.get());
          assertEquals(inputs.futures, inputs.awaited.get());
          assertTrue(inputs.selected.get().isReady());
          assertEquals(3, inputs.told.get());
        },
        List.of(
            inputs -> inputs.promises.get(0).set(0),
            inputs -> inputs.promises.get(1).set(1),
            inputs -> inputs.promises.get(2).set(2)));
  }

  @Test
  void joins_madeWhileInputsComplete() throws Exception {
    Race.play(
        ROUNDS,
        Inputs::new,
        inputs -> {
          assertEquals(List.of(0, 1, 2), inputs.collected.get());
          assertEquals(inputs.futures, inputs.awaited.get());
          assertTrue(inputs.selected.get().isReady());
          assertEquals(3, inputs.told.get());
        },
        List.of(
            inputs -> {
              inputs.promises.get(0).set(0);
              inputs.promises.get(1).set(1);
              inputs.promises.get(2).set(2);
            },
            Inputs::join));
  }

  @Test
  void joins_ofInputsThatEndInEveryWay() throws Exception {
    Race.play(
        ROUNDS,
        () -> new Inputs().join(),
        inputs -> {
          assertTrue(inputs.collected.isFailed());
          assertTrue(inputs.awaited.isReady());
          assertTrue(inputs.selected.isPending() && inputs.selected.isAbandoned());
          assertEquals(2, inputs.told.get());
        },
        List.of(
            inputs -> inputs.promises.get(0).fail("oops"),
            inputs -> inputs.promises.get(1).discard(),
            inputs -> {
              inputs.promises.get(2).abandon();
              inputs.promises.get(2).fail("oops");
            }));
  }

  @Test
  void joins_aRequestAgainstTheLastInput() throws Exception {
    Race.play(
        ROUNDS,
        () -> new Inputs().join(),
        inputs -> {
          assertTrue(inputs.collected.isDiscarded() || inputs.collected.isReady());
          assertTrue(inputs.awaited.isDiscarded() || inputs.awaited.isReady());
          assertTrue(inputs.selected.isDiscarded() || inputs.selected.isReady());
          assertEquals(3, inputs.told.get());
        },
        List.of(
            inputs -> {
              for (int i = 0; i < 3; i++) {
                inputs.promises.get(i).set(i);
              }
            },
            inputs -> {
              inputs.selected.discard();
              inputs.collected.discard();
              inputs.awaited.discard();
            }));
  }

  /** A loop of two steps. */
  private static final class Looping {
    final Promise<Integer> value = new Promise<>();
    final Promise<ControlFlow<Integer>> flow = new Promise<>();
    final Future<Integer> result = Futures.loop(value::future, given -> flow.future());
    final AtomicInteger told = new AtomicInteger();

    Looping() {
      value.future().onDiscard(value::discard);
      flow.future().onDiscard(flow::discard);
      result.onAny(self -> told.incrementAndGet());
    }
  }

  @Test
  void loop_aRequestAgainstItsSteps() throws Exception {
    Race.play(
        ROUNDS,
        Looping::new,
        loop -> {
          assertEquals(1, loop.told.get());
          assertTrue(loop.result.isDiscarded() || loop.result.get() == 2);
        },
        List.of(
            loop -> loop.value.set(1),
            loop -> loop.flow.set(ControlFlow.breakWith(2)),
            loop -> loop.result.discard()));
  }

  /** A loop whose body stays pending. */
  private static final class Stuck {
    final Promise<Integer> value = new Promise<>();
    final Promise<ControlFlow<Integer>> flow = new Promise<>();
    final Future<Integer> result = Futures.loop(value::future, given -> flow.future());
  }

  @Test
  void loop_aRequestReachesTheStepThatStaysPending() throws Exception {
    Race.play(
        ROUNDS,
        Stuck::new,
        loop -> assertTrue(loop.flow.future().hasDiscard()),
        List.of(loop -> loop.value.set(1), loop -> loop.result.discard()));
  }

  /** A source with a timer that is due at once. */
  private static final class Timed {
    final Promise<Integer> source = new Promise<>();
    final AtomicInteger expired = new AtomicInteger();
    final AtomicInteger told = new AtomicInteger();
    final Future<Integer> result =
        source
            .future()
            .after(
                Duration.ofNanos(1),
                self -> {
                  expired.incrementAndGet();
                  return Future.of(2);
                });

    Timed() {
      result.onAny(self -> told.incrementAndGet());
    }

    void check() {
      while (told.get() == 0) {
        Thread.onSpinWait(); // The clock's thread may be in the middle of it.
      }
      assertEquals(1, told.get());
      assertEquals(expired.get() == 0 ? 1 : 2, result.get());
    }
  }

  @Test
  void after_eitherTheSourceOrTheTimer() throws Exception {
    Race.play(
        ROUNDS,
        () -> null,
        none -> {},
        List.of(
            none -> {
              Timed timed = new Timed();
              timed.source.set(1);
              timed.check();
            }));
  }
}
