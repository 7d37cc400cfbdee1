package io.libprocess.benchmarks;

import io.libprocess.future.Future;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/**
 * Nanoseconds for each element of a stream: of {@code map.filter.to(fold)} beside a plain loop, the
 * JDK's streams and its {@code SubmissionPublisher}, and for elements that cross threads.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar StreamBenchmark -f 3 -prof gc
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamBenchmark {

  private static final int ELEMENTS = 10_000;

  // Of the cache of small numbers, so that boxing makes nothing.
  private final List<Integer> elements =
      IntStream.range(0, ELEMENTS).mapToObj(i -> i % 100).toList();
  private ExecutorService executor;

  /** Starts the other thread. */
  @Setup
  public void start() {
    executor = Executors.newSingleThreadExecutor();
  }

  /** Ends it. */
  @TearDown
  public void stop() {
    executor.shutdown();
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

  /** Elements of a list through two fused stages. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object mapFilterFold() {
    return Stream.from(elements)
        .map(StreamBenchmark::twice)
        .filter(StreamBenchmark::isWanted)
        .to(Sink.fold(0, StreamBenchmark::last))
        .get();
  }

  /** The same with a loop. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object mapFilterFold_loop() {
    Integer sum = 0;
    for (Integer element : elements) {
      Integer doubled = twice(element);
      if (isWanted(doubled)) {
        sum = last(sum, doubled);
      }
    }
    return sum;
  }

  /** The same with the JDK's streams. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object mapFilterFold_jdkStream() {
    return elements.stream()
        .map(StreamBenchmark::twice)
        .filter(StreamBenchmark::isWanted)
        .reduce(0, StreamBenchmark::last);
  }

  /** The same, folded on another thread. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object mapFilterOnFold() {
    return Stream.from(elements)
        .map(StreamBenchmark::twice)
        .filter(StreamBenchmark::isWanted)
        .via(Transform.on(executor, 256))
        .to(Sink.fold(0, StreamBenchmark::last))
        .get();
  }

  /** The same with the JDK's publisher, whose subscribers run on another thread always. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object mapFilterOnFold_submissionPublisher() throws InterruptedException {
    Folding folding = new Folding();
    try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>(executor, 256)) {
      publisher.subscribe(folding);
      for (Integer element : elements) {
        publisher.submit(element);
      }
    }
    folding.done.await();
    return folding.sum;
  }

  /** Elements through futures that are ready. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Object mapAsyncOfReady() {
    return Stream.from(elements)
        .via(Transform.mapAsync(4, i -> Future.of(i)))
        .to(Sink.fold(0, StreamBenchmark::last))
        .get();
  }

  private static final class Folding implements Flow.Subscriber<Integer> {
    private final CountDownLatch done = new CountDownLatch(1);
    private Integer sum = 0;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Integer element) {
      Integer doubled = twice(element);
      if (isWanted(doubled)) {
        sum = last(sum, doubled);
      }
    }

    @Override
    public void onError(Throwable failure) {
      done.countDown();
    }

    @Override
    public void onComplete() {
      done.countDown();
    }
  }
}
