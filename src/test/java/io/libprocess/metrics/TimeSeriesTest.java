package io.libprocess.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.metrics.TimeSeries.Value;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeSeriesTest {

  private static final Duration UNLIMITED = Duration.ofSeconds(Long.MAX_VALUE);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Clock clock = Clock.paused(START);

  @AfterEach
  void closeClock() {
    clock.close();
  }

  private static Instant second(int number) {
    return START.plusSeconds(number);
  }

  private static List<Integer> values(int... numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  /** Sets each number at its second. */
  private static void set(TimeSeries<Integer> series, int from, int to) {
    IntStream.rangeClosed(from, to).forEach(i -> series.set(i, second(i)));
  }

  @Test
  void set() {
    TimeSeries<Integer> series = new TimeSeries<>();
    assertTrue(series.isEmpty());
    assertTrue(series.latest().isEmpty());
    series.set(1);
    assertFalse(series.isEmpty());
    assertEquals(1, series.latest().orElseThrow().data());
  }

  @Test
  void sparsify() {
    TimeSeries<Integer> series = new TimeSeries<>(UNLIMITED, 10, clock);
    set(series, 0, 9);
    assertEquals(10, series.values().size());

    int[] dropped = {1, 3, 5, 7, 9, 2, 6, 10, 12, 14};
    for (int i = 0; i < dropped.length; i++) {
      int number = 10 + i;
      assertTrue(series.values().contains(dropped[i]));
      set(series, number, number);
      assertFalse(series.values().contains(dropped[i]), "after " + number);
      assertEquals(10, series.values().size());
      switch (number) {
        case 10 -> assertEquals(values(0, 2, 3, 4, 5, 6, 7, 8, 9, 10), series.values());
        case 14 -> assertEquals(values(0, 2, 4, 6, 8, 10, 11, 12, 13, 14), series.values());
        case 15 -> assertEquals(values(0, 4, 6, 8, 10, 11, 12, 13, 14, 15), series.values());
        case 19 -> assertEquals(values(0, 4, 8, 11, 13, 15, 16, 17, 18, 19), series.values());
        default -> {}
      }
    }
  }

  @Test
  void truncate() {
    TimeSeries<Integer> series = new TimeSeries<>(Duration.ofSeconds(10), 10, clock);
    set(series, 0, 9);
    clock.advance(Duration.ofSeconds(16));
    set(series, 10, 10);
    assertEquals(values(7, 8, 9, 10), series.values());
  }

  @Test
  void truncate_beforeTheCursorKeepsIt() {
    TimeSeries<Integer> series = new TimeSeries<>(Duration.ofSeconds(10), 10, clock);
    set(series, 0, 12); // 1, 3 and 5 are dropped; 7 is next.
    assertEquals(values(0, 2, 4, 6, 7, 8, 9, 10, 11, 12), series.values());

    clock.advance(Duration.ofSeconds(14));
    series.truncate();
    assertEquals(values(6, 7, 8, 9, 10, 11, 12), series.values());
    set(series, 13, 15);
    assertEquals(values(6, 7, 8, 9, 10, 11, 12, 13, 14, 15), series.values());
    set(series, 16, 16);
    assertEquals(values(6, 8, 9, 10, 11, 12, 13, 14, 15, 16), series.values());
  }

  @Test
  void truncate_pastTheCursorStartsAgain() {
    TimeSeries<Integer> series = new TimeSeries<>(Duration.ofSeconds(10), 10, clock);
    set(series, 0, 12); // 7 is next.
    clock.advance(Duration.ofSeconds(19));
    series.truncate();
    assertEquals(values(10, 11, 12), series.values());

    set(series, 13, 19);
    assertEquals(10, series.values().size());
    set(series, 20, 20);
    assertEquals(values(10, 12, 13, 14, 15, 16, 17, 18, 19, 20), series.values());
  }

  @Test
  void truncate_neverDropsAll() {
    TimeSeries<Integer> series = new TimeSeries<>(Duration.ofSeconds(10), 10, clock);
    set(series, 0, 1);
    clock.advance(Duration.ofHours(1));
    series.truncate();
    assertEquals(values(0, 1), series.values());
  }

  @Test
  void truncate_dropsWhatIsExactlyAsOldAsTheWindow() {
    TimeSeries<Integer> series = new TimeSeries<>(Duration.ofSeconds(10), 10, clock);
    set(series, 0, 1);
    clock.advance(Duration.ofSeconds(10));
    series.truncate();
    assertEquals(values(1), series.values());
  }

  @Test
  void set_ofTheSameTimeReplaces() {
    TimeSeries<Integer> series = new TimeSeries<>(UNLIMITED, 10, clock);
    series.set(1);
    series.set(2);
    assertEquals(List.of(new Value<>(START, 2)), series.get());
  }

  @Test
  void set_beforeTheLatestTimeStartsThinningAgain() {
    TimeSeries<Integer> series = new TimeSeries<>(UNLIMITED, 10, clock);
    set(series, 0, 10); // 1 is dropped; 3 is next.
    series.set(-5, second(-5));
    assertEquals(values(-5, 2, 3, 4, 5, 6, 7, 8, 9, 10), series.values());
  }

  @Test
  void get_includesBothEnds() {
    TimeSeries<Integer> series = new TimeSeries<>(UNLIMITED, 10, clock);
    set(series, 0, 5);
    List<Value<Integer>> some = series.get(second(1), second(3));
    assertEquals(values(1, 2, 3), some.stream().map(Value::data).toList());
    assertEquals(second(1), some.get(0).time());
    assertEquals(List.of(), series.get(second(3), second(1)));
    assertEquals(6, series.get().size());
  }

  @Test
  void capacity_isAtLeastThree() {
    TimeSeries<Integer> series = new TimeSeries<>(UNLIMITED, 0, clock);
    set(series, 0, 100);
    assertEquals(3, series.values().size());
    assertEquals(0, series.values().get(0));
    assertEquals(100, series.latest().orElseThrow().data());
    assertThrows(NullPointerException.class, () -> series.set(null));
  }

  @Test
  void truncate_leavesTheThinningWhereItWas() {
    TimeSeries<Integer> series = new TimeSeries<>(Duration.ofSeconds(100), 10, clock);
    set(series, 0, 11); // 1 and 3 are dropped; 5 is next.
    clock.advance(Duration.ofMillis(102_500)); // 0 and 2 are too old then.
    for (int i = 100; i < 106; i++) {
      series.set(i);
      clock.advance(Duration.ofMillis(100));
    }
    assertEquals(values(4, 6, 8, 10, 100, 101, 102, 103, 104, 105), series.values());
  }

  @Test
  void truncate_thatReachesTheNextToBeDroppedBeginsAgainAtTheSecond() {
    TimeSeries<Integer> series = new TimeSeries<>(Duration.ofSeconds(100), 10, clock);
    set(series, 0, 11); // 1 and 3 are dropped; 5 is next.
    clock.advance(Duration.ofMillis(104_500)); // 0, 2 and 4 are too old then.
    for (int i = 100; i < 104; i++) {
      series.set(i);
      clock.advance(Duration.ofMillis(100));
    }
    assertEquals(values(5, 7, 8, 9, 10, 11, 100, 101, 102, 103), series.values());
  }
}
