package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Chains of futures, some of which join, whose steps several threads run in any order, so that
 * neighbours are left out at the same moment.
 */
class LinkOrderStressTest {

  private static final int ROUNDS = 20_000;
  private static final int STEPS = 6;

  private final AtomicInteger seed = new AtomicInteger();

  /** A future for each step: it passes on that of an earlier step once it is triggered. */
  private static final class Chain {
    final List<Promise<Integer>> triggers = new ArrayList<>();
    final List<Future<Integer>> futures = new ArrayList<>();
    final Promise<Integer> last = new Promise<>();
    final List<Promise<Integer>> shuffled;
    final Future<Integer> asked;
    final AtomicInteger told = new AtomicInteger();

    Chain(int seed) {
      Random random = new Random(seed);
      futures.add(last.future());
      for (int i = 0; i < STEPS; i++) {
        Promise<Integer> trigger = new Promise<>();
        int next = random.nextInt(4) == 0 ? random.nextInt(i + 1) : i; // Some are shared.
        futures.add(trigger.future().repair(failed -> futures.get(next)));
        triggers.add(trigger);
      }
      asked = futures.get(1 + random.nextInt(STEPS));
      shuffled = new ArrayList<>(triggers);
      Collections.shuffle(shuffled, random);
    }

    Future<Integer> outermost() {
      return futures.get(STEPS);
    }

    /** Triggers those of one thread out of several. */
    void trigger(int thread, int threads) {
      for (int i = thread; i < STEPS; i += threads) {
        shuffled.get(i).fail("to be repaired");
      }
    }

    void attach() {
      for (Future<Integer> future : futures) {
        told.decrementAndGet();
        future.onAny(self -> told.incrementAndGet());
      }
    }

    void checkEnd() {
      assertTrue(outermost().isPending());
      last.set(1);
      checkReady();
    }

    /** The outermost first: who looks at one that was left out links it anew. */
    void checkReady() {
      for (int i = STEPS; i >= 0; i--) {
        assertTrue(futures.get(i).isReady(), "step " + i + " is " + futures.get(i));
        assertEquals(1, futures.get(i).get());
      }
      assertEquals(0, told.get());
    }

    void checkAsked() {
      assertTrue(asked.hasDiscard());
      assertTrue(last.future().hasDiscard());
      checkEnd();
    }

    void checkAbandoned() {
      for (int i = STEPS; i >= 0; i--) {
        assertTrue(futures.get(i).isAbandoned(), "step " + i);
      }
      checkEnd();
    }
  }

  private Chain chain() {
    return new Chain(seed.incrementAndGet());
  }

  @Test
  void stepsInAnyOrder_passOnTheEnd() throws Exception {
    Race.play(
        ROUNDS, this::chain, Chain::checkEnd, List.of(c -> c.trigger(0, 2), c -> c.trigger(1, 2)));
  }

  @Test
  void stepsInAnyOrder_ofMoreThreads() throws Exception {
    Race.play(
        ROUNDS,
        this::chain,
        Chain::checkEnd,
        List.of(c -> c.trigger(0, 3), c -> c.trigger(1, 3), c -> c.trigger(2, 3)));
  }

  /** The first two are left out while the fourth is: the third has been before. */
  @Test
  void threeNeighbours_passOnARequestAndTheEnd() throws Exception {
    Race.play(
        ROUNDS,
        Neighbours::new,
        Neighbours::check,
        List.of(n -> n.trigger(0), n -> n.trigger(1), n -> n.trigger(3), Neighbours::ask));
  }

  private static final class Neighbours {
    final List<Promise<Integer>> triggers = new ArrayList<>();
    final Promise<Integer> last = new Promise<>();
    final Future<Integer> outermost;

    Neighbours() {
      Future<Integer> after = last.future();
      for (int i = 0; i < 4; i++) {
        Promise<Integer> trigger = new Promise<>();
        Future<Integer> next = after;
        after = trigger.future().repair(failed -> next);
        triggers.add(0, trigger);
      }
      outermost = after;
      trigger(2);
    }

    void trigger(int step) {
      triggers.get(step).fail("to be repaired");
    }

    void ask() {
      outermost.discard();
    }

    void check() {
      assertTrue(last.future().hasDiscard());
      last.set(1);
      assertTrue(outermost.isReady());
    }
  }

  @Test
  void stepsInAnyOrder_whileTheEndComes() throws Exception {
    Race.play(
        ROUNDS,
        this::chain,
        Chain::checkReady,
        List.of(c -> c.trigger(0, 2), c -> c.trigger(1, 2), c -> c.last.set(1)));
  }

  @Test
  void stepsInAnyOrder_whileSomebodyLooks() throws Exception {
    Race.play(
        ROUNDS,
        this::chain,
        Chain::checkEnd,
        List.of(
            c -> c.trigger(0, 2),
            c -> c.trigger(1, 2),
            c -> c.futures.forEach(Future::isPending),
            Chain::attach));
  }

  @Test
  void stepsInAnyOrder_passOnARequest() throws Exception {
    Race.play(
        ROUNDS,
        this::chain,
        Chain::checkAsked,
        List.of(c -> c.trigger(0, 2), c -> c.trigger(1, 2), c -> c.asked.discard()));
  }

  @Test
  void stepsInAnyOrder_ofMoreThreadsPassOnARequest() throws Exception {
    Race.play(
        ROUNDS,
        this::chain,
        Chain::checkAsked,
        List.of(
            c -> c.trigger(0, 3),
            c -> c.trigger(1, 3),
            c -> c.trigger(2, 3),
            c -> c.asked.discard()));
  }

  @Test
  void stepsInAnyOrder_passOnARequestWhileSomebodyLooks() throws Exception {
    Race.play(
        ROUNDS,
        this::chain,
        Chain::checkAsked,
        List.of(
            c -> c.trigger(0, 2),
            c -> c.trigger(1, 2),
            c -> c.futures.forEach(Future::isPending),
            c -> c.asked.discard()));
  }

  @Test
  void stepsInAnyOrder_passOnAbandonment() throws Exception {
    Race.play(
        ROUNDS,
        this::chain,
        Chain::checkAbandoned,
        List.of(c -> c.trigger(0, 2), c -> c.trigger(1, 2), c -> c.last.abandon(), Chain::attach));
  }
}
