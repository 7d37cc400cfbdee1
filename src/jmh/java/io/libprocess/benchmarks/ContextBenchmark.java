package io.libprocess.benchmarks;

import io.libprocess.context.Context;
import io.libprocess.context.ContextKey;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the capture of the context costs a promise, a {@code then} on its future, and its
 * completion: in a JVM that has never seen a context, in one that has and where none is set, and in
 * a context.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar ContextBenchmark -f 3 -prof gc
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
public class ContextBenchmark {

  private static final ContextKey<Object> KEY = ContextKey.local("key");

  /** Where a context is: {@code never} in this JVM, {@code elsewhere}, or {@code here}. */
  @Param({"never", "elsewhere", "here"})
  public String context;

  private Object value = new Object();
  private boolean here;

  /** Enters a context once, unless there is to be none in this JVM. */
  @Setup
  public void enter() {
    here = context.equals("here");
    if (!context.equals("never")) {
      Context.with(KEY, value, () -> value);
    }
  }

  /** A promise, a {@code then} on its future, and its completion. */
  @Benchmark
  public Object then(Blackhole escape) {
    return here ? Context.with(KEY, value, () -> completed(escape)) : completed(escape);
  }

  private Object completed(Blackhole escape) {
    Promise<Object> promise = new Promise<>();
    escape.consume(promise);
    Future<Object> next = promise.future().then(Future::of);
    escape.consume(next);
    promise.set(value);
    return next.get();
  }
}
