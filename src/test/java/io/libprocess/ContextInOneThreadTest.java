package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Context;
import io.libprocess.context.ContextGraph;
import io.libprocess.future.Future;
import io.libprocess.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Random graphs of requests whose steps one thread runs in an order that depends on the seed alone,
 * with time that moves when nothing else is left to do: see {@link ContextGraph}.
 */
class ContextInOneThreadTest {

  private static final int SEEDS = Integer.getInteger("libprocess.stress", 1) * 100;
  private static final int REQUESTS = 10;

  private static List<String> live(World world, int seed) {
    Node node = OneThreadTest.start(world.host());
    List<PID<ContextGraph.Worker>> workers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      workers.add(node.spawn(new ContextGraph.Worker()));
    }
    ContextGraph graph = new ContextGraph(workers);
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      results.add(graph.begin(i, 1000L * seed + i));
    }
    world.runFor(Duration.ofSeconds(1));
    graph.completeShared();
    world.runFor(Duration.ofSeconds(1));

    for (int i = 0; i < REQUESTS; i++) {
      assertEquals(i, results.get(i).get(), "request " + i + ", seed " + seed);
    }
    assertEquals(List.of(), graph.wrong(), "seed " + seed);
    assertTrue(Context.current().isEmpty());
    for (PID<ContextGraph.Worker> worker : workers) {
      Future<Boolean> none = worker.call(w -> Context.current().isEmpty());
      world.settle();
      assertTrue(none.get(), "nothing remains, seed " + seed);
    }
    assertTrue(graph.looks() > 10 * REQUESTS, "looks: " + graph.looks());
    List<String> trace = world.trace();
    node.close();
    return trace;
  }

  @Test
  void requests_seeTheirOwnContexts_howeverTheirStepsAreInterleaved() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      int own = seed;
      List<String> trace = World.run(world -> live(world, own));
      if (seed < 5) {
        assertEquals(trace, World.run(world -> live(world, own)), "the seed decides");
      }
    }
  }
}
