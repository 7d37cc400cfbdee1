package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.Trampoline;
import io.libprocess.support.SmallStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Callbacks that lead to callbacks that lead to callbacks, on one thread. */
class NestedCallbacksTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Promise<Void> done = new Promise<>();

  private void readOn(Future<Integer> ready, int left) {
    ready.onReady(
        value -> {
          if (left == 0) {
            done.set(null);
          } else {
            readOn(ready, left - 1);
          }
        });
  }

  @Test
  void onReady_millionLevelsDeepKeepsTheStack() throws InterruptedException {
    SmallStack.run(() -> readOn(Future.of(1), 1_000_000));
    assertTrue(done.future().isReady());
  }

  @Test
  void set_millionLevelsDeepKeepsTheStack() throws InterruptedException {
    List<Promise<Void>> promises = Stream.generate(Promise<Void>::new).limit(1_000_000).toList();
    for (int i = 1; i < promises.size(); i++) {
      Promise<Void> next = promises.get(i);
      promises.get(i - 1).future().onReady(next::set);
    }
    SmallStack.run(() -> promises.get(0).set(null));
    assertTrue(promises.get(promises.size() - 1).future().isReady());
  }

  private static List<Promise<Void>> million() {
    return Stream.generate(Promise<Void>::new).limit(1_000_000).toList();
  }

  @Test
  void discard_millionRequestsDeepKeepsTheStack() throws InterruptedException {
    List<Promise<Void>> promises = million();
    for (int i = 1; i < promises.size(); i++) {
      Future<Void> next = promises.get(i).future();
      promises.get(i - 1).future().onDiscard(next::discard);
    }
    SmallStack.run(() -> promises.get(0).future().discard());
    assertTrue(promises.get(promises.size() - 1).future().hasDiscard());
  }

  @Test
  void abandon_millionLevelsDeepKeepsTheStack() throws InterruptedException {
    List<Promise<Void>> promises = million();
    for (int i = 1; i < promises.size(); i++) {
      promises.get(i - 1).future().onAbandoned(promises.get(i)::abandon);
    }
    SmallStack.run(() -> promises.get(0).abandon());
    assertTrue(promises.get(promises.size() - 1).future().isAbandoned());
  }

  private void askOn(Future<Integer> asked, int left) {
    asked.onDiscard(
        () -> {
          if (left == 0) {
            done.set(null);
          } else {
            askOn(asked, left - 1);
          }
        });
  }

  @Test
  void onDiscard_millionLevelsDeepKeepsTheStack() throws InterruptedException {
    Future<Integer> asked = new Promise<Integer>().future();
    asked.discard();
    SmallStack.run(() -> askOn(asked, 1_000_000));
    assertTrue(done.future().isReady());
  }

  @Test
  void set_changesTheStateAtOnceHoweverDeeplyNested() {
    List<Boolean> ready = new ArrayList<>();
    setWithin(100, ready);
    assertEquals(Collections.nCopies(100, true), ready);
  }

  private static void setWithin(int levels, List<Boolean> ready) {
    Promise<Integer> promise = new Promise<>();
    promise.future().onReady(left -> setWithin(left - 1, ready));
    if (levels > 0) {
      promise.set(levels);
      ready.add(promise.future().isReady());
    }
  }

  @Test
  void setUnlessDiscardRequested_keepsTheValueAfterARequest() {
    Promise<Integer> promise = new Promise<>();
    promise.future().discard();

    assertFalse(promise.setUnlessDiscardRequested(1));
    assertTrue(promise.future().isPending());
    assertTrue(promise.discard());
  }

  @Test
  void setUnlessDiscardRequested_withoutRequestIsSet() {
    Promise<Integer> promise = new Promise<>();

    assertTrue(promise.setUnlessDiscardRequested(1));
    assertFalse(promise.setUnlessDiscardRequested(2));
    assertEquals(1, promise.future().get());
  }

  @Test
  void runApart_finishesWhatItPutsOff() {
    List<Integer> seen = new ArrayList<>();
    List<Integer> seenOnReturn = new ArrayList<>();
    nest(
        0,
        40,
        new ArrayList<>(),
        () -> {
          Trampoline.runApart(() -> nest(0, 60, seen, () -> {}));
          seenOnReturn.addAll(seen);
        });
    assertEquals(IntStream.range(0, 60).boxed().toList(), seenOnReturn);
  }

  @Test
  void onReady_nestedALittleRunsInsideTheRegistration() {
    List<Integer> order = new ArrayList<>();
    Future.of(1)
        .onReady(
            one -> {
              Future.of(2).onReady(two -> order.add(two));
              order.add(one);
            });
    assertEquals(List.of(2, 1), order);
  }

  @Test
  void onReady_putOffRunsBeforeTheOutermostCallReturns() {
    List<Integer> seen = new ArrayList<>();
    nest(0, 200, seen, () -> {});
    assertEquals(IntStream.range(0, 200).boxed().toList(), seen);
  }

  private static void nest(int level, int levels, List<Integer> seen, Runnable inside) {
    if (level == levels) {
      inside.run();
      return;
    }
    Future.of(level)
        .onAny(
            future -> {
              seen.add(future.get());
              nest(level + 1, levels, seen, inside);
            });
  }

  @Test
  void await_runsWhatWasPutOffFirst() {
    Promise<Boolean> released = new Promise<>();
    Promise<Boolean> result = new Promise<>();
    nestThenAwait(100, released, result);
    assertTrue(result.future().get());
  }

  private static void nestThenAwait(int left, Promise<Boolean> released, Promise<Boolean> result) {
    Future.done()
        .onReady(
            none -> {
              if (left > 0) {
                nestThenAwait(left - 1, released, result);
                return;
              }
              Future.done().onReady(unused -> released.set(true));
              result.set(released.future().await(LIMIT));
            });
  }
}
