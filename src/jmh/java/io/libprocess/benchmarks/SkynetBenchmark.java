package io.libprocess.benchmarks;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A tree of processes with a fan-out of ten: leaves report their number, parents add up, all stop.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar SkynetBenchmark -f 3 -prof gc
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SkynetBenchmark {

  private static final int FAN_OUT = 10;

  /** The number of leaves; a power of ten. */
  @Param("100000")
  public int leaves;

  private Node node;

  /** Starts the node. */
  @Setup
  public void open() {
    node = Node.start(Config.builder().build());
  }

  /** Ends the node. */
  @TearDown
  public void close() {
    node.close();
  }

  /** One node of the tree. */
  private static final class Vertex extends Process<Vertex> {
    private final PID<Vertex> parent; // Null for the root.
    private final CompletableFuture<Long> result;
    private final long first;
    private final int size;
    private int waiting = FAN_OUT;
    private long sum;

    Vertex(PID<Vertex> parent, CompletableFuture<Long> result, long first, int size) {
      this.parent = parent;
      this.result = result;
      this.first = first;
      this.size = size;
    }

    @Override
    protected void initialize() {
      if (size == 1) {
        report(first);
        return;
      }
      int part = size / FAN_OUT;
      for (int i = 0; i < FAN_OUT; i++) {
        node().spawn(new Vertex(self(), result, first + (long) i * part, part));
      }
    }

    private void add(long part) {
      sum += part;
      if (--waiting == 0) {
        report(sum);
      }
    }

    private void report(long total) {
      if (parent == null) {
        result.complete(total);
      } else {
        parent.dispatch(p -> p.add(total));
      }
      node().terminate(self());
    }
  }

  /** A8: one tree. */
  @Benchmark
  public long a8_skynet() throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<Long> result = new CompletableFuture<>();
    node.spawn(new Vertex(null, result, 0, leaves));
    long sum = result.get(60, TimeUnit.SECONDS);
    if (sum != (long) leaves * (leaves - 1) / 2) {
      throw new IllegalStateException("wrong sum: " + sum);
    }
    return sum;
  }
}
