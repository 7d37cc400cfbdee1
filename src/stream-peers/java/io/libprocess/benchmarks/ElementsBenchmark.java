package io.libprocess.benchmarks;

import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;

/** Nanoseconds for each element of {@code map.filter.fold}, beside Reactor and Pekko Streams. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ElementsBenchmark {

  private static final int ELEMENTS = 10_000;

  // Of the cache of small numbers, so that boxing makes nothing.
  private final List<Integer> elements =
      IntStream.range(0, ELEMENTS).mapToObj(i -> i % 100).toList();
  private ActorSystem pekko;

  /** Starts Pekko's threads. */
  @Setup
  public void start() {
    pekko = ActorSystem.create();
  }

  /** Ends them. */
  @TearDown
  public void stop() throws Exception {
    pekko.terminate();
    pekko.getWhenTerminated().toCompletableFuture().get();
  }

  private static int twice(int number) {
    return number % 50 * 2;
  }

  private static boolean isWanted(int number) {
    return number % 4 == 0;
  }

  private static Integer last(Integer sum, Integer number) {
    return sum + number & 63;
  }

  /** This library. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object libprocess() {
    return Stream.from(elements)
        .map(ElementsBenchmark::twice)
        .filter(ElementsBenchmark::isWanted)
        .to(Sink.fold(0, ElementsBenchmark::last))
        .get();
  }

  /** Reactor. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object reactor() {
    return Flux.fromIterable(elements)
        .map(ElementsBenchmark::twice)
        .filter(ElementsBenchmark::isWanted)
        .reduce(0, ElementsBenchmark::last)
        .block();
  }

  /** Pekko Streams. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object pekko() throws Exception {
    return Source.from(elements)
        .map(ElementsBenchmark::twice)
        .filter(ElementsBenchmark::isWanted)
        .runFold(0, ElementsBenchmark::last, pekko)
        .toCompletableFuture()
        .get();
  }

  /** A plain loop. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object loop() {
    Integer sum = 0;
    for (Integer element : elements) {
      Integer doubled = twice(element);
      if (isWanted(doubled)) {
        sum = last(sum, doubled);
      }
    }
    return sum;
  }
}
