package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A recursion that takes its short cuts while another thread looks at the futures it leaves out.
 */
class LinkStressTest {

  private static final int ROUNDS = 20_000;
  private static final int STEPS = 8;
  private static final int PUT_OFF_STEPS = 110; // More than nest before they are put off.

  /** A recursion whose every intermediate future is there to be looked at. */
  private static final class Recursion {
    final List<Promise<Integer>> promises;
    final AtomicReferenceArray<Future<Integer>> futures;
    final AtomicInteger registered = new AtomicInteger();
    final AtomicInteger told = new AtomicInteger();
    final int pendingSteps; // A bit for each step.
    final Future<Integer> outermost;

    Recursion(int steps, int pendingSteps) {
      this.pendingSteps = pendingSteps;
      promises = java.util.stream.Stream.generate(Promise<Integer>::new).limit(steps).toList();
      futures = new AtomicReferenceArray<>(steps);
      for (int i = 0; i < steps; i++) {
        if ((pendingSteps >> i % 32 & 1) == 0) {
          promises.get(i).set(i);
        }
      }
      Promise<Integer> start = new Promise<>();
      outermost = start.future().then(value -> next(0));
      this.start = start;
    }

    private final Promise<Integer> start;

    private Future<Integer> next(int step) {
      if (step == promises.size()) {
        return Future.of(step);
      }
      Future<Integer> result =
          step % 3 == 1
              ? promises.get(step).future().map(i -> fail()).repair(self -> next(step + 1))
              : promises.get(step).future().then(value -> next(step + 1));
      futures.set(step, result);
      return result;
    }

    private static int fail() throws Exception {
      throw new Failure("to be repaired");
    }

    void drive() {
      start.set(0);
      promises.forEach(promise -> promise.set(1));
    }

    void look(Consumer<Future<Integer>> look) {
      for (int i = 0; i < futures.length(); i++) {
        Future<Integer> future = futures.get(i);
        if (future != null) {
          look.accept(future);
        }
      }
    }

    void attach(Future<Integer> future) {
      registered.incrementAndGet();
      future.onAny(self -> told.incrementAndGet());
    }

    void derive(Future<Integer> future) {
      registered.incrementAndGet();
      future.map(value -> value).undiscardable().onAny(self -> told.incrementAndGet());
    }

    /** All tail calls end as the last one does. */
    void check() {
      String end = outermost.toString().replace(" (with discard)", "");
      assertTrue(!outermost.isPending());
      for (int i = 0; i < futures.length(); i++) {
        Future<Integer> future = futures.get(i);
        if (future != null) {
          assertEquals(end, future.toString().replace(" (with discard)", ""));
        }
      }
      assertEquals(registered.get(), told.get());
    }

    void checkReady() {
      assertEquals(promises.size(), outermost.get());
      check();
    }
  }

  private final AtomicInteger seed = new AtomicInteger();

  private Recursion recursion() {
    return new Recursion(STEPS, seed.incrementAndGet());
  }

  @Test
  void attachingToLinkedFutures() throws Exception {
    Race.play(
        ROUNDS,
        this::recursion,
        Recursion::checkReady,
        List.of(Recursion::drive, r -> r.look(r::attach)));
  }

  @Test
  void derivingFromLinkedFuturesAndFromTheOutermost() throws Exception {
    Race.play(
        ROUNDS,
        this::recursion,
        Recursion::checkReady,
        List.of(
            Recursion::drive,
            r -> r.look(r::derive),
            r -> {
              r.attach(r.outermost);
              r.look(r::attach);
              r.look(Future::isAbandoned);
            }));
  }

  @Test
  void lookingAtTheStateOfLinkedFutures() throws Exception {
    Race.play(
        ROUNDS,
        this::recursion,
        Recursion::checkReady,
        List.of(
            Recursion::drive,
            r -> {
              r.look(Future::isPending);
              r.look(Future::hasDiscard);
              r.look(Future::toString);
            }));
  }

  @Test
  void discardingTheOutermost() throws Exception {
    Race.play(
        ROUNDS,
        this::recursion,
        Recursion::check,
        List.of(
            Recursion::drive,
            r -> {
              r.attach(r.outermost);
              r.outermost.discard();
            },
            r -> r.look(r::attach)));
  }

  @Test
  void discardingLinkedFutures() throws Exception {
    Race.play(
        ROUNDS,
        this::recursion,
        Recursion::check,
        List.of(Recursion::drive, r -> r.look(Future::discard), r -> r.look(r::attach)));
  }

  @Test
  void lookingAtStepsThatWerePutOff() throws Exception {
    Race.play(
        ROUNDS / 10,
        () -> new Recursion(PUT_OFF_STEPS, seed.incrementAndGet() & 0x10101),
        Recursion::checkReady,
        List.of(
            Recursion::drive,
            r -> {
              r.look(Future::isPending);
              r.look(r::attach);
            }));
  }

  @Test
  void discardingStepsThatWerePutOff() throws Exception {
    Race.play(
        ROUNDS / 10,
        () -> new Recursion(PUT_OFF_STEPS, seed.incrementAndGet() & 0x10101),
        Recursion::check,
        List.of(
            Recursion::drive,
            r -> {
              r.look(Future::discard);
              r.outermost.discard();
            }));
  }

  /** The request must arrive at the last future, whichever short cuts are taken meanwhile. */
  @Test
  void discardingTheOutermost_reachesTheEnd() throws Exception {
    Race.play(
        ROUNDS, Endless::new, Endless::check, List.of(Endless::drive, r -> r.outermost.discard()));
  }

  /** A request on a future in the middle must arrive there, too, and not at the outermost. */
  @Test
  void discardingLinkedFutures_reachesTheEnd() throws Exception {
    Race.play(
        ROUNDS,
        Endless::new,
        Endless::check,
        List.of(Endless::drive, r -> r.ask(1), r -> r.ask(2)));
  }

  @Test
  void discardingLinkedFutures_oneReachesTheEnd() throws Exception {
    Race.play(ROUNDS, Endless::new, Endless::check, List.of(Endless::drive, r -> r.ask(1)));
  }

  /** A recursion through repairs, which a request does not stop, to a step that stays pending. */
  private static final class Endless {
    final List<Promise<Integer>> promises =
        List.of(new Promise<>(), new Promise<>(), new Promise<>(), new Promise<>());
    final AtomicReferenceArray<Future<Integer>> futures = new AtomicReferenceArray<>(3);
    final AtomicInteger asked = new AtomicInteger();
    final Future<Integer> outermost = next(0);

    private Future<Integer> next(int step) {
      Future<Integer> future = promises.get(step).future();
      if (step == 3) {
        return future;
      }
      Future<Integer> result = future.repair(self -> next(step + 1));
      futures.set(step, result);
      return result;
    }

    void drive() {
      for (int i = 0; i < 3; i++) {
        promises.get(i).fail("oops");
      }
    }

    void ask(int step) {
      Future<Integer> future = futures.get(step);
      if (future != null && future.discard()) {
        asked.incrementAndGet();
      }
    }

    void check() {
      boolean reached = promises.get(3).future().hasDiscard();
      assertEquals(asked.get() > 0 || outermost.hasDiscard(), reached);
      assertTrue(asked.get() == 0 || !outermost.hasDiscard());
      promises.get(3).set(1);
      assertEquals(1, outermost.get());
      for (int i = 0; i < 3; i++) {
        assertEquals(1, futures.get(i).get());
      }
    }
  }

  @Test
  void discardingStepsThatWerePutOff_reachesTheEnd() throws Exception {
    Race.play(ROUNDS / 10, Deep::new, Deep::check, List.of(deep -> deep.start.set(0), Deep::ask));
  }

  /** A recursion on done futures to one that stays pending. */
  private static final class Deep {
    final AtomicReferenceArray<Future<Integer>> futures = new AtomicReferenceArray<>(PUT_OFF_STEPS);
    final Promise<Integer> start = new Promise<>();
    final Promise<Integer> last = new Promise<>();
    final Future<Integer> outermost = start.future().then(value -> next(0));
    boolean asked;

    private Future<Integer> next(int step) {
      if (step == PUT_OFF_STEPS) {
        return last.future();
      }
      Future<Integer> result = Future.done().then(none -> next(step + 1));
      futures.set(step, result);
      return result;
    }

    void ask() {
      for (int i = 0; i < PUT_OFF_STEPS && !asked; i++) {
        Future<Integer> future = futures.get((i * 37 + 50) % PUT_OFF_STEPS);
        asked = future != null && future.discard();
      }
    }

    void check() {
      assertEquals(asked, last.future().hasDiscard());
      assertTrue(!outermost.hasDiscard());
      last.set(1);
      assertEquals(1, outermost.get());
    }
  }

  /** A linked future whose root has been asked. */
  private static final class Asked {
    final Promise<Integer> promise = new Promise<>();
    final Future<Integer> middle;
    final AtomicInteger forgotten = new AtomicInteger();
    final AtomicInteger told = new AtomicInteger();

    Asked() {
      Promise<Integer> trigger = new Promise<>();
      Future<Integer> inner = promise.future().map(x -> x);
      middle = Future.of(1).then(one -> inner);
      Future<Integer> root = trigger.future().then(v -> middle);
      trigger.set(1);
      root.discard();
    }

    void watch() {
      for (int i = 0; i < 20; i++) {
        if (!middle.hasDiscard()) {
          forgotten.incrementAndGet();
        }
      }
    }

    void check() {
      assertEquals(0, forgotten.get());
      assertTrue(middle.hasDiscard());
      assertTrue(middle.map(x -> x).isDiscarded(), "then and map do not run after a request");
      assertEquals(1, told.get());
    }
  }

  @Test
  void requestOnceSeen_staysSeen() throws Exception {
    Race.play(
        ROUNDS,
        Asked::new,
        Asked::check,
        List.of(
            asked -> asked.middle.isPending(),
            Asked::watch,
            asked -> asked.middle.onDiscard(asked.told::incrementAndGet),
            asked -> asked.promise.set(1)));
  }

  /** A linked future whose root is asked while another thread looks. */
  private static final class ToBeAsked {
    final Promise<Integer> promise = new Promise<>();
    final Future<Integer> middle;
    final Future<Integer> root;
    final AtomicInteger forgotten = new AtomicInteger();
    final AtomicInteger told = new AtomicInteger();

    ToBeAsked() {
      Promise<Integer> trigger = new Promise<>();
      Future<Integer> inner = promise.future().map(x -> x);
      middle = Future.of(1).then(one -> inner);
      root = trigger.future().then(v -> middle);
      trigger.set(1);
    }

    void watch() {
      boolean seen = false;
      for (int i = 0; i < 40; i++) {
        boolean now = middle.hasDiscard();
        if (seen && !now) {
          forgotten.incrementAndGet();
        }
        seen |= now;
      }
    }

    void check() {
      assertEquals(0, forgotten.get());
      assertTrue(middle.hasDiscard());
      assertEquals(1, told.get());
    }
  }

  @Test
  void requestOnTheRoot_isSeenOnceByWhoeverLooks() throws Exception {
    Race.play(
        ROUNDS,
        ToBeAsked::new,
        ToBeAsked::check,
        List.of(
            asked -> asked.middle.onDiscard(asked.told::incrementAndGet),
            ToBeAsked::watch,
            asked -> asked.root.discard()));
  }
}
