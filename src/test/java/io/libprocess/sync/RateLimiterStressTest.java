package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Eight threads at one limiter: no request is forgotten, and the rate holds. */
class RateLimiterStressTest {

  private static final int BURST = 64;
  private static final int PERMITS_PER_MILLISECOND = 50;

  @Test
  void limiter_keepsTheRateAndForgetsNobody() throws Exception {
    int each = Stress.times(1_000);
    Clock clock = Clock.system();
    RateLimiter limiter =
        new RateLimiter(PERMITS_PER_MILLISECOND, Duration.ofMillis(1), BURST, clock);
    AtomicLong granted = new AtomicLong();
    AtomicLong discarded = new AtomicLong();
    Instant start = clock.now();
    Stress.inParallel(
        8,
        thread -> {
          Random random = new Random(thread);
          List<Future<Void>> some = new ArrayList<>();
          for (int i = 0; i < each; i++) {
            Future<Void> acquire = limiter.acquire();
            if (random.nextInt(4) == 0) {
              acquire.discard();
            }
            some.add(acquire);
            if (some.size() == 1 + random.nextInt(20)) {
              count(some, granted, discarded);
            }
          }
          count(some, granted, discarded);
        });
    long elapsed = Duration.between(start, clock.now()).toNanos();
    long interval = Duration.ofMillis(1).toNanos() / PERMITS_PER_MILLISECOND;

    assertEquals(8L * each, granted.get() + discarded.get());
    assertTrue(
        elapsed >= (granted.get() - BURST) * interval, granted + " grants in " + elapsed + " ns");
  }

  private static void count(List<Future<Void>> some, AtomicLong granted, AtomicLong discarded) {
    for (Future<Void> acquire : some) {
      acquire.await();
      (acquire.isReady() ? granted : discarded).incrementAndGet();
    }
    some.clear();
  }

  @Test
  void limiter_closedMeanwhileEndsEveryFuture() throws Exception {
    int rounds = Stress.times(200);
    for (int round = 0; round < rounds; round++) {
      RateLimiter limiter = new RateLimiter(1_000_000, Duration.ofSeconds(1));
      Stress.inParallel(
          8,
          thread -> {
            for (int i = 0; i < 10; i++) {
              limiter.acquire().await();
            }
            limiter.close();
          });
    }
  }
}
