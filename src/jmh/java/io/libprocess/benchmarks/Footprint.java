package io.libprocess.benchmarks;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A5 memory: heap retained by each of 100,000 idle processes that have handled one message.
 *
 * <pre>{@code
 * java -Xmx1g -cp target/benchmarks.jar io.libprocess.benchmarks.Footprint
 * }</pre>
 */
public final class Footprint {

  private static final int PROCESSES = 100_000;
  private static final int REFERENCE_BYTES = 4;

  private Footprint() {}

  private static final class Idle extends Process<Idle> {}

  /** Prints the figure. */
  public static void main(String[] args) throws InterruptedException {
    try (Node node = Node.start(Config.builder().build())) {
      List<PID<Idle>> warm = spawn(node, 1000);
      long before = used();
      List<PID<Idle>> processes = spawn(node, PROCESSES);
      double bytes = (used() - before) / (double) PROCESSES - REFERENCE_BYTES;
      System.out.printf("%.0f bytes for each idle process%n", bytes);
      Reference.reachabilityFence(warm);
      Reference.reachabilityFence(processes);
    }
  }

  private static List<PID<Idle>> spawn(Node node, int count) {
    CountDownLatch done = new CountDownLatch(count);
    List<PID<Idle>> spawned = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      PID<Idle> pid = node.spawn(new Idle());
      pid.dispatch(process -> done.countDown());
      spawned.add(pid);
    }
    Latches.await(done);
    return spawned;
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(200); // Lets reference handlers and cleaners run between collections.
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
