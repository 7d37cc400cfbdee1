package io.libprocess.benchmarks;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Histogram;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The effect of many metrics on a node: a call to a process, alone and while scrapers read 100,000
 * metrics all the time; and how long one text of them takes.
 *
 * <pre>java -jar target/benchmarks.jar SnapshotBenchmark -f 1 -wi 3 -i 5</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SnapshotBenchmark {

  private static final int METRICS = 100_000;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Whether metrics are scraped meanwhile. */
  @Param({"false", "true"})
  public boolean scraped;

  private Node node;
  private PID<Idle> pid;
  private Thread scraper;
  private volatile boolean over;

  private static final class Idle extends Process<Idle> {}

  /** Starts the node, and the thread that scrapes it. */
  @Setup
  public void start() {
    node = Node.start(Config.builder().build());
    pid = node.spawn(new Idle());
    for (int i = 0; i < METRICS; i++) {
      node.metrics().add(new Counter("shop/orders{shop=\"" + i + "\"}"));
    }
    node.metrics().add(Histogram.ofDurations("shop/taken"));
    if (scraped) {
      scraper = new Thread(this::scrape, "scraper");
      scraper.setDaemon(true);
      scraper.start();
    }
  }

  private void scrape() {
    while (!over) {
      node.async(() -> node.metrics().prometheus(LIMIT).get().length()).get();
    }
  }

  /** Ends both. */
  @TearDown
  public void close() throws InterruptedException {
    over = true;
    if (scraper != null) {
      scraper.join();
    }
    node.close();
  }

  /** A call to a process, and its result. */
  @Benchmark
  public Object call() {
    return pid.call(process -> 1).get();
  }

  /** One text of all metrics. */
  @Benchmark
  public int text() {
    return node.metrics().prometheus(LIMIT).get().length();
  }
}
