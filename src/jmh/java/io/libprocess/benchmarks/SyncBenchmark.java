package io.libprocess.benchmarks;

import io.libprocess.sync.Mutex;
import io.libprocess.sync.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Asynchronous primitives, beside blocking ones of the JDK with a future around them.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar SyncBenchmark -f 3 -prof gc
 * java -jar target/benchmarks.jar SyncBenchmark -f 3 -t 2
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SyncBenchmark {

  private final Mutex mutex = new Mutex();
  private final Semaphore semaphore = new Semaphore(1);
  private final Queue<Object> queue = new Queue<>();
  private final LinkedBlockingQueue<Object> blockingQueue = new LinkedBlockingQueue<>();
  private final Object element = new Object();
  private long guarded;

  /** Lock, a step under the lock, unlock. */
  @Benchmark
  public Object mutex_lockUnlock() {
    return mutex
        .lock()
        .onReady(
            locked -> {
              guarded++;
              mutex.unlock();
            });
  }

  /** The same with a semaphore that blocks. */
  @Benchmark
  public Object mutex_lockUnlock_jdk() {
    semaphore.acquireUninterruptibly();
    return CompletableFuture.completedFuture(null)
        .thenAccept(
            locked -> {
              guarded++;
              semaphore.release();
            });
  }

  /** One element in and out. */
  @Benchmark
  public Object queue_putGet() {
    queue.put(element);
    return queue.get();
  }

  /** The same with a queue that blocks. */
  @Benchmark
  public Object queue_putGet_jdk() throws InterruptedException {
    blockingQueue.put(element);
    return CompletableFuture.completedFuture(blockingQueue.take());
  }
}
