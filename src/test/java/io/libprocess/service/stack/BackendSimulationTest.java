package io.libprocess.service.stack;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.Timeline;
import io.libprocess.service.balance.LoadMetric;
import io.libprocess.service.filter.Backoff;
import io.libprocess.service.filter.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Ten backends, one of which is slow and one fails for some time: what a client with all parts
 * makes of them, and one that only picks at random. Time is simulated and chance is seeded, so the
 * figures are the same each time; they are written to {@code target/backend-simulation.txt}.
 */
class BackendSimulationTest {

  private static final int BACKENDS = 10;
  private static final int SLOW = 0;
  private static final int FAILING = 1;
  private static final int PER_SECOND = 200;
  private static final long TYPICAL_MS = 10;
  private static final long SLOW_MS = 1_000;

  // In seconds.
  private static final int FAILS_FROM = 60;
  private static final int FAILS_TO = 120;
  private static final int END = 720;

  private final Timeline time = new Timeline();
  private final Random random = new Random(42);
  private final int[][] received = new int[BACKENDS][END + 60]; // By the second.

  private Future<String> serve(int backend) {
    int second = (int) time.elapsed().toSeconds();
    received[backend][second]++;
    if (backend == FAILING && second >= FAILS_FROM && second < FAILS_TO) {
      return time.failingLater(Duration.ofMillis(1), new IOException("broken"));
    }
    long millis = backend == SLOW ? SLOW_MS : TYPICAL_MS;
    return time.later(Duration.ofMillis(millis + random.nextInt((int) millis / 2)), "r");
  }

  /** What became of all requests. */
  private record Figures(double success, long p50, long p99, double whileFailing) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "success %.3f %%, while one fails %.3f %%, p50 %d ms, p99 %d ms",
          100 * success,
          100 * whileFailing,
          p50,
          p99);
    }
  }

  private Figures run(Service<String, String> client) {
    List<Long> latencies = new ArrayList<>();
    int[] good = new int[2]; // All, and while one fails.
    int during = (FAILS_TO - FAILS_FROM) * PER_SECOND;
    for (int i = 0; i < END * PER_SECOND; i++) {
      Duration begin = time.elapsed();
      long second = begin.toSeconds();
      client
          .call("q")
          .onAny(
              done -> {
                latencies.add(time.elapsed().minus(begin).toMillis());
                if (done.isReady()) {
                  good[0]++;
                  good[1] += second >= FAILS_FROM && second < FAILS_TO ? 1 : 0;
                }
              });
      time.advanceMillis(1000 / PER_SECOND);
    }
    time.advance(Duration.ofSeconds(30));
    int requests = END * PER_SECOND;
    assertTrue(latencies.size() == requests, latencies.size() + " of " + requests);
    latencies.sort(null);
    return new Figures(
        (double) good[0] / requests,
        latencies.get(requests / 2),
        latencies.get(requests * 99 / 100),
        (double) good[1] / during);
  }

  /** The share of requests that a backend got between two times. */
  private double share(int backend, int from, int to) {
    int own = IntStream.range(from, to).map(second -> received[backend][second]).sum();
    return (double) own / ((to - from) * PER_SECOND);
  }

  private ServiceFactory<String, String> sessions(int backend) {
    return ServiceFactory.of(request -> serve(backend));
  }

  private ServiceClient<Integer, String, String> client() {
    RetryPolicy<String, String> twice =
        RetryPolicy.withBackoff(
            Backoff.decorrelated(Duration.ofMillis(5), Duration.ofMillis(200), random).take(2),
            (request, outcome) -> outcome.isFailed());
    return ClientStack.<String, String>named("simulated")
        .clock(time.clock())
        .random(random)
        .requestTimeout(Duration.ofMillis(200))
        .loadMetric(LoadMetric.PEAK_EWMA)
        .retries(twice)
        .build(this::sessions, IntStream.range(0, BACKENDS).boxed().toList());
  }

  @Test
  void client_hidesASlowAndAFailingBackend() throws IOException {
    Figures with = run(client());
    double ejected = share(FAILING, FAILS_FROM + 5, FAILS_TO);
    double back = share(FAILING, END - 120, END);
    double slow = share(SLOW, 30, END);
    BackendSimulationTest plain = new BackendSimulationTest();
    Figures without = plain.run(request -> plain.serve(plain.random.nextInt(BACKENDS)));
    String report =
        "with the stack:    %s%nwithout the stack: %s%n".formatted(with, without)
            + String.format(
                Locale.ROOT,
                "shares of %d backends: failing while it fails %.4f, afterwards %.4f; slow %.4f%n",
                BACKENDS,
                ejected,
                back,
                slow);
    Files.writeString(Path.of("target", "backend-simulation.txt"), report);

    assertTrue(with.success() > 0.9999, report);
    assertTrue(with.whileFailing() > 0.999, report);
    assertTrue(without.whileFailing() < 0.93, report);
    assertTrue(with.p99() < 50, report);
    assertTrue(without.p99() >= SLOW_MS, report);
    assertTrue(ejected < 0.01, report);
    assertTrue(back > 0.07, report);
    assertTrue(slow < 0.01, report);
  }
}
