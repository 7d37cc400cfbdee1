package io.libprocess.benchmarks;

import io.libprocess.future.Future;
import io.libprocess.service.Filter;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.stack.ClientStack;
import java.time.Duration;
import java.util.List;
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
 * What filters cost before a service that answers at once.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar ServiceBenchmark -f 3 -prof gc
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
public class ServiceBenchmark {

  private static final int CHAIN = 10;

  private Object value = new Object();
  private final Service<Object, Object> answer = request -> Future.of(request);
  private final Service<Object, Object> identities = identities();
  private final Service<Object, Object> mapping = mapping();
  private final Service<Object, Object> client =
      ClientStack.<Object, Object>named("benchmark")
          .requestTimeout(Duration.ofSeconds(1))
          .totalTimeout(Duration.ofSeconds(2))
          .tries(2)
          .build(key -> ServiceFactory.of(answer), List.of(1, 2, 3));

  private Service<Object, Object> identities() {
    Service<Object, Object> service = answer;
    for (int i = 0; i < CHAIN; i++) {
      Filter<Object, Object, Object, Object> identity = (request, next) -> next.call(request);
      service = identity.andThen(service);
    }
    return service;
  }

  private Service<Object, Object> mapping() {
    Service<Object, Object> service = answer;
    for (int i = 0; i < CHAIN; i++) {
      Filter<Object, Object, Object, Object> mapped =
          (request, next) -> next.call(request).map(response -> response);
      service = mapped.andThen(service);
    }
    return service;
  }

  /** V0: the service alone. */
  @Benchmark
  public Object v0_service() {
    return answer.call(value);
  }

  /** V1: ten filters that do nothing. */
  @Benchmark
  public Object v1_tenIdentityFilters() {
    return identities.call(value);
  }

  /** V2: ten filters that map the response. */
  @Benchmark
  public Object v2_tenMappingFilters() {
    return mapping.call(value);
  }

  /** V3: a client with all parts, over three endpoints. */
  @Benchmark
  public Object v3_clientStack() {
    return client.call(value);
  }
}
