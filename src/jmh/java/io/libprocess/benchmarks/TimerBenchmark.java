package io.libprocess.benchmarks;

import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Timers. Those that are not cancelled must all run.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar TimerBenchmark -f 3 -prof gc
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TimerBenchmark {

  private static final int TIMERS = 100_000;
  private static final int KEPT = 100; // One of that many is not cancelled.

  private final AtomicLong fired = new AtomicLong();
  private final Timer[] timers = new Timer[TIMERS];
  private final ScheduledFuture<?>[] scheduled = new ScheduledFuture<?>[TIMERS];
  private Clock clock;
  private ScheduledThreadPoolExecutor executor;
  private long expected;

  /** Starts the clocks. */
  @Setup(Level.Iteration)
  public void open() {
    clock = Clock.create();
    executor = new ScheduledThreadPoolExecutor(1);
    executor.setRemoveOnCancelPolicy(true);
    fired.set(0);
    expected = 0;
  }

  /** Waits for the remaining timers. */
  @TearDown(Level.Iteration)
  public void close() throws InterruptedException {
    for (int i = 0; fired.get() < expected && i < 1000; i++) {
      Thread.sleep(10); // Polls for the last timers to fire, outside of what is measured.
    }
    clock.close();
    executor.shutdownNow();
    if (fired.get() != expected) {
      throw new IllegalStateException(fired + " of " + expected + " timers ran");
    }
  }

  /** T1: starts 100,000 timers of 1 to 2 s, then cancels 99 of every 100 in order. */
  @Benchmark
  @OperationsPerInvocation(TIMERS)
  public void t1_timers() {
    for (int i = 0; i < TIMERS; i++) {
      timers[i] = clock.timer(Duration.ofMillis(1000 + i % 1000), fired::incrementAndGet);
    }
    for (int i = 0; i < TIMERS; i++) {
      if (i % KEPT != 0) {
        timers[i].cancel();
      }
    }
    expected += TIMERS / KEPT;
  }

  /** T1 with the JDK's scheduled executor. */
  @Benchmark
  @OperationsPerInvocation(TIMERS)
  public void t1_timers_jdk() {
    for (int i = 0; i < TIMERS; i++) {
      scheduled[i] =
          executor.schedule(fired::incrementAndGet, 1000 + i % 1000, TimeUnit.MILLISECONDS);
    }
    for (int i = 0; i < TIMERS; i++) {
      if (i % KEPT != 0) {
        scheduled[i].cancel(false);
      }
    }
    expected += TIMERS / KEPT;
  }
}
