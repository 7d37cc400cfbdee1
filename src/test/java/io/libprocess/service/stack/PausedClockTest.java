package io.libprocess.service.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Deadline;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.Timeline;
import io.libprocess.service.balance.LoadMetric;
import io.libprocess.service.balance.PoolSettings;
import io.libprocess.service.filter.Backoff;
import io.libprocess.service.filter.RetryPolicy;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Timeouts, back-offs, budgets, accrual, the loads of endpoints, backup requests and pools go by
 * the clock that they were given, and by the random numbers: how long it really takes changes
 * nothing.
 */
class PausedClockTest {

  private static final int REQUESTS = 2000;

  /** One run of a client with all parts, and all that its endpoints and its caller saw. */
  private static final class Run {
    private final Timeline time = new Timeline();
    private final Random random = new Random(17);
    private final List<String> seen = new ArrayList<>();
    private final int pauses;

    Run(int pauses) {
      this.pauses = pauses;
    }

    private void note(String what) {
      seen.add(time.elapsed().toMillis() + " " + what);
    }

    private ServiceFactory<String, String> sessions(int endpoint) {
      return () -> {
        note("connect " + endpoint);
        return endpoint == 4 && time.elapsed().toSeconds() < 5
            ? Future.failed("refused")
            : Future.of(request -> serve(endpoint));
      };
    }

    private Future<String> serve(int endpoint) {
      note("request " + endpoint + " until " + Deadline.current().map(Deadline::deadline));
      return switch (random.nextInt(endpoint == 3 ? 3 : 12)) {
        case 0 -> Future.failed("broken");
        case 1 ->
            Future.failed(
                FlaggedFailure.of("refused", FailureFlag.REJECTED, FailureFlag.RETRYABLE));
        case 2 -> new Promise<String>().future();
        default -> time.later(Duration.ofMillis(1 + random.nextInt(40)), "r");
      };
    }

    private Service<String, String> client() {
      RetryPolicy<String, String> twice =
          RetryPolicy.withBackoff(
              Backoff.decorrelated(Duration.ofMillis(5), Duration.ofMillis(200), random).take(2),
              (request, outcome) -> outcome.isFailed());
      return ClientStack.<String, String>named("paused")
          .clock(time.clock())
          .random(random)
          .requestTimeout(Duration.ofMillis(50))
          .totalTimeout(Duration.ofMillis(200))
          .sessionLife(Duration.ofSeconds(1))
          .loadMetric(LoadMetric.PEAK_EWMA)
          .backupRequests(0.05)
          .pool(PoolSettings.defaults().withHigh(5).withIdleLife(Duration.ofMillis(300)))
          .retries(twice)
          .build(this::sessions, List.of(0, 1, 2, 3, 4));
    }

    private List<String> all() {
      Service<String, String> client = client();
      for (int i = 0; i < REQUESTS; i++) {
        int number = i;
        client.call("q").onAny(done -> note(number + " is over: " + done));
        if (pauses > 0 && i % (REQUESTS / pauses) == 0) {
          int before = seen.size();
          Expect.pause(5);
          assertEquals(before, seen.size(), "nothing happens while the clock stands still");
        }
        time.advanceMillis(random.nextInt(20));
      }
      time.advance(Duration.ofSeconds(10));
      return seen;
    }
  }

  @Test
  void history_dependsOnTheClockAndTheSeedAlone() {
    List<String> expected = new Run(0).all();
    assertTrue(expected.size() > 2 * REQUESTS, "" + expected.size());

    assertEquals(expected, new Run(20).all());
  }
}
