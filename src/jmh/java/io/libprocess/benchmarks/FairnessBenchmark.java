package io.libprocess.benchmarks;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The time that a process waits for its turn while another one always has 10,000 events to serve:
 * from the dispatch until its result is seen by the thread that asked, so the time from dispatch to
 * run is below that. JMH prints the percentiles.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar FairnessBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 2)
public class FairnessBenchmark {

  private static final int BACKLOG = 10_000;

  private static final class Plain extends Process<Plain> {}

  /** With one worker both processes share it. */
  @Param({"1", "2"})
  public int workers;

  /** How much an event of the flooded process costs: about a nanosecond each. */
  @Param({"10", "10000"})
  public int work;

  private volatile boolean stop;
  private Node node;
  private PID<Plain> quiet;

  /** Floods one of two processes. */
  @Setup(Level.Iteration)
  public void open() {
    stop = false;
    node = Node.start(Config.builder().workers(workers).build());
    quiet = node.spawn(new Plain());
    PID<Plain> flooded = node.spawn(new Plain());
    for (int i = 0; i < BACKLOG; i++) {
      flooded.dispatch(process -> flood(flooded));
    }
  }

  private void flood(PID<Plain> pid) {
    Blackhole.consumeCPU(work);
    if (!stop) {
      pid.dispatch(process -> flood(pid));
    }
  }

  /** Ends the flood. */
  @TearDown(Level.Iteration)
  public void close() {
    stop = true;
    node.close();
  }

  /** From the dispatch to the result. */
  @Benchmark
  public Plain dispatchToRun() {
    return quiet.call(process -> process).get();
  }
}
