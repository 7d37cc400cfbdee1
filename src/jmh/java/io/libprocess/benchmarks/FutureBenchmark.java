package io.libprocess.benchmarks;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * Futures compared with the JDK's. Values come from a field and promises escape, or the compiler
 * would remove whole operations.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar FutureBenchmark -f 3 -prof gc
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
public class FutureBenchmark {

  private static final int CHAIN = 10;
  private static final int MANY = 100;
  private static final int DEPTH = 10_000;
  private static final int CONTENDED = 10_000;

  private Object value = new Object();

  /** F1: a promise, a map on its future, and its completion. */
  @Benchmark
  public Object f1_promise(Blackhole escape) {
    Promise<Object> promise = new Promise<>();
    escape.consume(promise);
    Future<Object> mapped = promise.future().map(v -> v);
    escape.consume(mapped);
    promise.set(value);
    return mapped.get();
  }

  /** F1 with the JDK. */
  @Benchmark
  public Object f1_promise_jdk(Blackhole escape) {
    CompletableFuture<Object> promise = new CompletableFuture<>();
    escape.consume(promise);
    CompletableFuture<Object> mapped = promise.thenApply(v -> v);
    escape.consume(mapped);
    promise.complete(value);
    return mapped.getNow(null);
  }

  private static Future<Object> chain(Future<Object> first) {
    Future<Object> last = first;
    for (int i = 0; i < CHAIN; i++) {
      last = last.map(v -> v);
    }
    return last;
  }

  private static CompletableFuture<Object> chain(CompletableFuture<Object> first) {
    CompletableFuture<Object> last = first;
    for (int i = 0; i < CHAIN; i++) {
      last = last.thenApply(v -> v);
    }
    return last;
  }

  /** F2: a chain of ten maps on a future that is done. */
  @Benchmark
  public Object f2_chainDone(Blackhole escape) {
    Future<Object> done = Future.of(value);
    escape.consume(done);
    Future<Object> last = chain(done);
    escape.consume(last);
    return last.get();
  }

  /** F2 with the JDK. */
  @Benchmark
  public Object f2_chainDone_jdk(Blackhole escape) {
    CompletableFuture<Object> done = CompletableFuture.completedFuture(value);
    escape.consume(done);
    CompletableFuture<Object> last = chain(done);
    escape.consume(last);
    return last.getNow(null);
  }

  /** F3: a chain of ten maps on a pending future, which is then set. */
  @Benchmark
  public Object f3_chainPending(Blackhole escape) {
    Promise<Object> promise = new Promise<>();
    escape.consume(promise);
    Future<Object> last = chain(promise.future());
    escape.consume(last);
    promise.set(value);
    return last.get();
  }

  /** F3 with the JDK. */
  @Benchmark
  public Object f3_chainPending_jdk(Blackhole escape) {
    CompletableFuture<Object> promise = new CompletableFuture<>();
    escape.consume(promise);
    CompletableFuture<Object> last = chain(promise);
    escape.consume(last);
    promise.complete(value);
    return last.getNow(null);
  }

  private Future<Object> loop(int left) {
    return left == 0 ? Future.of(value) : Future.of(value).then(v -> loop(left - 1));
  }

  /** F4: a recursion of 10,000 steps through {@code then} on futures that are done. */
  @Benchmark
  public Object f4_recursion() {
    return loop(DEPTH).get();
  }

  /** F5: 100 pending futures collected into one, and set in order. */
  @Benchmark
  public Object f5_collect() {
    List<Promise<Object>> promises = new ArrayList<>(MANY);
    List<Future<Object>> futures = new ArrayList<>(MANY);
    for (int i = 0; i < MANY; i++) {
      promises.add(new Promise<>());
      futures.add(promises.get(i).future());
    }
    Future<List<Object>> all = Futures.collect(futures);
    for (Promise<Object> promise : promises) {
      promise.set(value);
    }
    return all.get();
  }

  /** F5 with the JDK. */
  @Benchmark
  public Object f5_collect_jdk() {
    List<CompletableFuture<Object>> futures = new ArrayList<>(MANY);
    for (int i = 0; i < MANY; i++) {
      futures.add(new CompletableFuture<>());
    }
    CompletableFuture<List<Object>> all =
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
            .thenApply(v -> futures.stream().map(f -> f.getNow(null)).toList());
    for (CompletableFuture<Object> future : futures) {
      future.complete(value);
    }
    return all.getNow(null);
  }

  /** A second thread that sets promises. */
  @State(Scope.Benchmark)
  public static class Racer {
    private final ExecutorService setter = Executors.newSingleThreadExecutor();
    private final CyclicBarrier start = new CyclicBarrier(2);

    /** Ends the thread. */
    @TearDown
    public void stop() {
      setter.shutdown();
    }
  }

  /** F6: one thread sets 10,000 promises in order, while another maps them in order. */
  @Benchmark
  @OperationsPerInvocation(CONTENDED)
  public void f6_contended(Racer racer) throws Exception {
    List<Promise<Object>> promises = new ArrayList<>(CONTENDED);
    for (int i = 0; i < CONTENDED; i++) {
      promises.add(new Promise<>());
    }
    AtomicInteger called = new AtomicInteger();
    java.util.concurrent.Future<?> setting =
        racer.setter.submit(
            () -> {
              racer.start.await();
              promises.forEach(promise -> promise.set(value));
              return null;
            });
    racer.start.await();
    for (Promise<Object> promise : promises) {
      promise.future().map(v -> called.incrementAndGet());
    }
    setting.get();
    if (called.get() != CONTENDED) {
      throw new IllegalStateException(called + " callbacks ran");
    }
  }
}
