package io.libprocess.benchmarks;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The costs of the JDK's own parts on this machine: nothing built from them can be cheaper. An
 * operation is one of the {@value #OPERATIONS} of each invocation.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar FloorBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(FloorBenchmark.OPERATIONS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FloorBenchmark {

  static final int OPERATIONS = 100_000;

  private static final Object ITEM = new Object();

  private final ForkJoinPool pool = new ForkJoinPool(Runtime.getRuntime().availableProcessors());
  private final ExecutorService consumer = Executors.newSingleThreadExecutor();

  /** Ends the threads. */
  @TearDown
  public void stop() {
    pool.shutdown();
    consumer.shutdown();
  }

  /** Tasks handed to a pool, until the last has run. */
  @Benchmark
  public void forkJoinPool_execute() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(OPERATIONS);
    for (int i = 0; i < OPERATIONS; i++) {
      pool.execute(done::countDown);
    }
    done.await();
  }

  /** Items handed to a thread that parks while there are none. */
  @Benchmark
  public void linkedTransferQueue_handoff() throws Exception {
    LinkedTransferQueue<Object> queue = new LinkedTransferQueue<>();
    Future<?> taken =
        consumer.submit(
            () -> {
              for (int i = 0; i < OPERATIONS; i++) {
                queue.take();
              }
              return null;
            });
    for (int i = 0; i < OPERATIONS; i++) {
      queue.put(ITEM);
    }
    taken.get();
  }

  /** Items handed to a thread that spins while there are none. */
  @Benchmark
  public void concurrentLinkedQueue_handoff() throws Exception {
    Queue<Object> queue = new ConcurrentLinkedQueue<>();
    Future<?> taken =
        consumer.submit(
            () -> {
              for (int i = 0; i < OPERATIONS; i++) {
                while (queue.poll() == null) {
                  Thread.onSpinWait();
                }
              }
            });
    for (int i = 0; i < OPERATIONS; i++) {
      queue.add(ITEM);
    }
    taken.get();
  }
}
