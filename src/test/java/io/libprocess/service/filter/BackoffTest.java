package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Random random = new Random(3);

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  /** The first times of a sequence in milliseconds. */
  private static List<Long> times(Backoff backoff, int most) {
    List<Long> times = new ArrayList<>();
    Optional<Backoff.Step> step = backoff.step();
    while (step.isPresent() && times.size() < most) {
      times.add(step.get().delay().toMillis());
      step = step.get().next().step();
    }
    return times;
  }

  @Test
  void withoutChance_theTimesAreKnown() {
    assertEquals(List.of(), times(Backoff.none(), 3));
    assertEquals(List.of(7L, 7L, 7L), times(Backoff.constant(ms(7)), 3));
    assertEquals(List.of(5L, 8L, 10L, 10L), times(Backoff.linear(ms(5), ms(3), ms(10)), 4));
    assertEquals(List.of(1L, 3L, 9L, 20L, 20L), times(Backoff.exponential(ms(1), 3, ms(20)), 5));
    assertEquals(List.of(9L, 9L), times(Backoff.exponential(ms(50), 2, ms(9)), 2));
  }

  @Test
  void takeAndConcat_cutAndContinue() {
    Backoff backoff =
        Backoff.constant(ms(1)).take(2).concat(Backoff.none()).concat(Backoff.constant(ms(9)));

    assertEquals(List.of(1L, 1L, 9L, 9L), times(backoff, 4));
    assertEquals(List.of(1L, 1L, 9L), times(backoff.take(3), 9));
    assertEquals(List.of(), times(backoff.take(0), 9));
    assertThrows(IllegalArgumentException.class, () -> backoff.take(-1));
  }

  @Test
  void exponentialJittered_staysBelowWhatDoubles() {
    for (int round = 0; round < 1000; round++) {
      List<Long> times = times(Backoff.exponentialJittered(ms(10), ms(100), random), 6);
      for (int i = 0; i < 4; i++) {
        assertTrue(times.get(i) < 10 << i, times.toString());
      }
      assertEquals(List.of(100L, 100L), times.subList(4, 6));
    }
  }

  @Test
  void equalJittered_isBetweenWhatDoublesAndTwiceThat() {
    for (int round = 0; round < 1000; round++) {
      List<Long> times = times(Backoff.equalJittered(ms(10), ms(100), random), 6);
      for (int i = 0; i < 4; i++) {
        assertTrue(
            times.get(i) >= 10 << i && times.get(i) <= Math.min(100, 20 << i), times.toString());
      }
      assertEquals(List.of(100L, 100L), times.subList(4, 6));
    }
  }

  @Test
  void decorrelated_isBetweenTheLastAndThreeTimesTheLast() {
    for (int round = 0; round < 1000; round++) {
      List<Long> times = times(Backoff.decorrelated(ms(5), ms(200), random), 50);
      long last = 5;
      for (long time : times) {
        assertTrue(time >= last && time <= Math.min(200, 3 * last + 3), times.toString());
        last = time;
      }
      assertEquals(200, last);
    }
  }

  /** Else all requests of a client would wait for the same time. */
  @Test
  void chance_isDrawnEachTime() {
    Backoff backoff = Backoff.decorrelated(ms(5), ms(200), random);

    assertNotEquals(times(backoff, 5), times(backoff, 5));
  }

  @Test
  void chance_dependsOnTheGeneratorAlone() {
    assertEquals(
        times(Backoff.equalJittered(ms(5), ms(5000), new Random(9)), 9),
        times(Backoff.equalJittered(ms(5), ms(5000), new Random(9)), 9));
  }

  @Test
  void longTimes_doNotOverflow() {
    Duration most = Duration.ofNanos(Long.MAX_VALUE);
    for (Backoff backoff :
        List.of(
            Backoff.linear(ms(1), Duration.ofDays(100_000), most),
            Backoff.exponential(ms(1), 1e9, most),
            Backoff.exponentialJittered(Duration.ofDays(10_000), most, random),
            Backoff.equalJittered(Duration.ofDays(10_000), most, random),
            Backoff.decorrelated(Duration.ofDays(10_000), most, random))) {
      List<Long> times = times(backoff, 400);
      assertTrue(times.stream().allMatch(time -> time >= 0), times.toString());
      assertEquals(most.toMillis(), times.get(399), backoff.toString());
    }
  }

  @Test
  void values_areChecked() {
    assertThrows(IllegalArgumentException.class, () -> Backoff.constant(ms(-1)));
    assertThrows(
        IllegalArgumentException.class, () -> Backoff.exponential(Duration.ZERO, 2, ms(1)));
    assertThrows(IllegalArgumentException.class, () -> Backoff.exponential(ms(1), 0.5, ms(9)));
  }
}
