package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Callbacks that register callbacks at completed futures, on one thread. */
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
    Thread thread =
        new Thread(null, () -> readOn(Future.of(1), 1_000_000), "small-stack", 512 * 1024);
    thread.start();
    thread.join();
    assertTrue(done.future().isReady());
  }

  @Test
  void onReady_nestedALittleRunsInsideTheRegistration() {
    List<Integer> order = new ArrayList<>();
    Future.of(1).onReady(
        one -> {
          Future.of(2).onReady(two -> order.add(two));
          order.add(one);
        });
    assertEquals(List.of(2, 1), order);
  }

  @Test
  void onReady_putOffRunsBeforeTheOutermostCallReturns() {
    List<Integer> seen = new ArrayList<>();
    nest(0, 200, seen);
    assertEquals(IntStream.range(0, 200).boxed().toList(), seen);
  }

  private static void nest(int level, int levels, List<Integer> seen) {
    if (level < levels) {
      Future.of(level)
          .onAny(
              future -> {
                seen.add(future.get());
                nest(level + 1, levels, seen);
              });
    }
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
