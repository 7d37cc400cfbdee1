package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Random graphs of futures end as they do in one thread, whatever several threads complete, ask and
 * look at in them.
 */
class FutureGraphStressTest {

  private static final int ROUNDS = 5_000;
  private static final int NODES = 24;

  private final AtomicInteger seed = new AtomicInteger();

  /** A graph in which each future depends on promises and on futures before it. */
  private static final class Graph {
    static final int CERTAIN = 13;
    static final int ALL = 15;

    final int seed;
    private final int kinds;
    final List<Promise<Integer>> promises = new ArrayList<>();
    final List<Future<Integer>> futures = new ArrayList<>();
    final AtomicInteger told = new AtomicInteger();

    /**
     * Makes a graph of which nothing is completed.
     *
     * @param kinds {@link #CERTAIN}, or {@link #ALL} for one whose outcomes depend on the order
     */
    Graph(int seed, int kinds) {
      this.seed = seed;
      this.kinds = kinds;
      Random random = new Random(seed);
      for (int i = 0; i < NODES; i++) {
        futures.add(make(random));
      }
    }

    private Future<Integer> promised() {
      Promise<Integer> promise = new Promise<>();
      promises.add(promise);
      return promise.future();
    }

    /** Mostly one of the last, so that there are long chains. */
    private Future<Integer> earlier(Random random) {
      int size = futures.size();
      int last = random.nextInt(3) == 0 ? random.nextInt(size) : Math.max(0, size - 3);
      return futures.get(last + random.nextInt(size - last));
    }

    private Future<Integer> make(Random random) {
      if (futures.size() < 2) {
        return promised();
      }
      Future<Integer> a = earlier(random);
      Future<Integer> b = earlier(random);
      return switch (random.nextInt(kinds)) {
        case 0 -> a.map(v -> v + 1);
        case 1 -> a.repair(failed -> b);
        case 2 -> a.recover(failed -> b);
        case 3 -> a.undiscardable();
        case 4 -> Futures.collect(a, b).map(pair -> pair.first() + pair.second());
        case 5 -> Futures.await(a, b).map(pair -> pair.first().isReady() ? 1 : 2);
        case 6 -> associated(a);
        case 7 -> promised().then(v -> associated(b));
        case 8 -> promised().then(v -> b.then(w -> a));
        case 9 -> Futures.loop(() -> a, v -> b.map(w -> ControlFlow.breakWith(v - w)));
        case 10 -> promised().recover(failed -> a);
        case 13 -> Futures.select(List.of(some(a), some(b))).then(first -> first);
        case 14 -> a.discardable();
        default -> promised().repair(failed -> b).then(v -> a);
      };
    }

    /** With a value in any case: a selection without one would be abandoned. */
    private static Future<Integer> some(Future<Integer> future) {
      return future.recover(none -> Future.of(0));
    }

    private static Future<Integer> associated(Future<Integer> source) {
      Promise<Integer> promise = new Promise<>();
      promise.associate(source);
      return promise.future();
    }

    /** Completes one promise out of several, in an order of its own. */
    void complete(int part, int parts) {
      int count = promises.size();
      int from = new Random(seed + part).nextInt(count);
      for (int i = 0; i < count; i++) {
        int index = (from + i) % count;
        if (index % parts != part) {
          continue;
        }
        if ((seed >> index % 31 & 1) == 0) {
          promises.get(index).set(index);
        } else {
          promises.get(index).fail("oops");
        }
      }
    }

    void watch() {
      for (Future<Integer> future : futures) {
        told.decrementAndGet();
        future.onAny(self -> told.incrementAndGet());
      }
    }

    void look() {
      futures.forEach(Future::isPending);
    }

    void ask() {
      futures.get(new Random(seed).nextInt(NODES)).discard();
    }

    private String ends() {
      StringBuilder ends = new StringBuilder();
      for (Future<Integer> future : futures) {
        ends.append(future.isReady() ? " " + future.get() : future.isFailed() ? " failed" : " ?");
      }
      return ends.toString();
    }

    void check() {
      Graph alone = new Graph(seed, CERTAIN);
      alone.complete(0, 1);
      assertEquals(alone.ends(), ends(), "seed " + seed);
      assertEquals(0, told.get());
    }

    void checkEnded() {
      for (int i = 0; i < NODES; i++) {
        assertFalse(futures.get(i).isPending(), "seed " + seed + ", future " + i);
      }
      assertEquals(0, told.get());
    }
  }

  private Graph graph() {
    return new Graph(seed.incrementAndGet(), Graph.CERTAIN);
  }

  private Graph uncertainGraph() {
    return new Graph(seed.incrementAndGet(), Graph.ALL);
  }

  @Test
  void graph_endsAsInOneThread() throws Exception {
    Race.play(
        ROUNDS, this::graph, Graph::check, List.of(g -> g.complete(0, 2), g -> g.complete(1, 2)));
  }

  @Test
  void graph_endsAsInOneThreadWhoeverLooks() throws Exception {
    Race.play(
        ROUNDS,
        this::graph,
        Graph::check,
        List.of(
            g -> g.complete(0, 3),
            g -> g.complete(1, 3),
            g -> g.complete(2, 3),
            Graph::watch,
            Graph::look));
  }

  @Test
  void graph_endsAlthoughSomeOfItIsAsked() throws Exception {
    Race.play(
        ROUNDS,
        this::uncertainGraph,
        Graph::checkEnded,
        List.of(g -> g.complete(0, 2), g -> g.complete(1, 2), Graph::ask, Graph::watch));
  }
}
