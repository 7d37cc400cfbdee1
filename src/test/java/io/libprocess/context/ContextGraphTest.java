package io.libprocess.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many requests at once, each a {@link ContextGraph}, always see their own context; and afterwards
 * there is none anywhere. Here they run on several threads.
 */
@Timeout(100)
class ContextGraphTest {

  private static final int ROUNDS = Integer.getInteger("libprocess.stress", 1) * 20;
  private static final int REQUESTS = 20;

  private final Node node = Node.start();
  private final List<PID<ContextGraph.Worker>> workers = new ArrayList<>();

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void requests_seeTheirOwnContextsEverywhere() {
    for (int i = 0; i < 3; i++) {
      workers.add(node.spawn(new ContextGraph.Worker()));
    }
    for (int round = 0; round < ROUNDS; round++) {
      ContextGraph graph = new ContextGraph(workers);
      run(graph, round);
      assertEquals(List.of(), graph.wrong(), "seed " + round);
    }
    for (PID<ContextGraph.Worker> worker : workers) {
      assertEquals(true, Expect.ready(worker.call(w -> Context.current().isEmpty())));
    }
    assertEquals(true, Expect.ready(node.async(() -> Context.current().isEmpty())));
    Promise<Boolean> ofClock = new Promise<>();
    node.clock().timer(Duration.ZERO, () -> ofClock.set(Context.current().isEmpty()));
    assertEquals(true, Expect.ready(ofClock.future()));
    assertEquals(true, Context.current().isEmpty());
  }

  private static void run(ContextGraph graph, int seed) {
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      long own = seed * 1000L + i;
      results.add(i % 2 == 0 ? graph.begin(i, own) : graph.beginHere(i, own));
    }
    graph.completeSharedHere();
    for (int i = 0; i < REQUESTS; i++) {
      assertEquals(i, Expect.ready(results.get(i)));
    }
  }
}
