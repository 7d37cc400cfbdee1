package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Values with the times at which they were current, for a limited time back and in a limited
 * number. When there are too many, every other value of the older half is dropped, one for each new
 * value: recent values stay dense, old ones become sparse, and the first one stays.
 *
 * <p>All methods may be called from any thread.
 *
 * @param <T> the type of the values
 */
public final class TimeSeries<T> {

  /** A value and the time at which it was current. */
  public record Value<T>(Instant time, T data) {}

  /** How far back a series reaches by default: two weeks. */
  public static final Duration WINDOW = Duration.ofDays(14);

  /** How many values a series holds by default. */
  public static final int CAPACITY = 1000;

  // With fewer there is nothing between first and last.
  private static final int LEAST_CAPACITY = 3;

  private final Duration window;
  private final int capacity;
  private final Clock clock;

  // Guarded by the monitor of this.
  private final NavigableMap<Instant, T> values = new TreeMap<>();
  private Instant next; // The next value to drop for lack of room; null: start again at the second.
  private int index; // The position of that value.

  /** Makes a series with the default window and capacity, by the clock of the calling thread. */
  public TimeSeries() {
    this(WINDOW, CAPACITY);
  }

  /**
   * Makes a series by the clock of the calling thread: see {@link #TimeSeries(Duration, int,
   * Clock)}.
   */
  public TimeSeries(Duration window, int capacity) {
    this(window, capacity, Clock.current());
  }

  /**
   * Makes a series.
   *
   * @param window how old a value may be
   * @param capacity how many values there may be, at least 3: less counts as 3
   */
  public TimeSeries(Duration window, int capacity, Clock clock) {
    this.window = requireNonNull(window, "window");
    this.capacity = Math.max(LEAST_CAPACITY, capacity);
    this.clock = requireNonNull(clock, "clock");
  }

  /** Adds a value that is current now. */
  public void set(T value) {
    set(value, clock.now());
  }

  /**
   * Adds a value, or replaces the one of the same time; then drops values that are too old or too
   * many.
   */
  public synchronized void set(T value, Instant time) {
    requireNonNull(value, "value");
    requireNonNull(time, "time");
    if (!values.isEmpty() && time.isBefore(values.lastKey())) {
      next = null;
    }
    values.put(time, value);
    truncate();
    sparsify();
  }

  /** All values in the order of their times. */
  public synchronized List<Value<T>> get() {
    return list(values);
  }

  /**
   * The values of an interval, both ends included, in the order of their times; empty if {@code
   * start} is after {@code stop}.
   */
  public synchronized List<Value<T>> get(Instant start, Instant stop) {
    return start.isAfter(stop) ? List.of() : list(values.subMap(start, true, stop, true));
  }

  private static <T> List<Value<T>> list(Map<Instant, T> values) {
    List<Value<T>> list = new ArrayList<>(values.size());
    values.forEach((time, data) -> list.add(new Value<>(time, data)));
    return list;
  }

  /** All values without their times, in the order of these. */
  public synchronized List<T> values() {
    return new ArrayList<>(values.values());
  }

  /** The value with the latest time. */
  public synchronized Optional<Value<T>> latest() {
    return Optional.ofNullable(values.lastEntry())
        .map(entry -> new Value<>(entry.getKey(), entry.getValue()));
  }

  /** Whether there is no value. */
  public synchronized boolean isEmpty() {
    return values.isEmpty();
  }

  /** Drops the values that are older than the window, unless that would drop all. */
  public synchronized void truncate() {
    NavigableMap<Instant, T> expired = values.headMap(expiry(), true);
    if (expired.isEmpty() || expired.size() == values.size()) {
      return;
    }
    int dropped = expired.size();
    expired.clear();
    if (next != null && values.firstKey().isBefore(next)) {
      index -= dropped;
    } else {
      next = null;
    }
  }

  private Instant expiry() {
    try {
      return clock.now().minus(window);
    } catch (DateTimeException | ArithmeticException unlimited) {
      return Instant.MIN;
    }
  }

  private void sparsify() {
    while (values.size() > capacity) {
      if (next == null || index > values.size() / 2) {
        next = values.higherKey(values.firstKey());
        index = 1;
      }
      Instant dropped = next;
      Instant kept = values.higherKey(dropped);
      values.remove(dropped);
      next = kept == null ? null : values.higherKey(kept);
      index++;
    }
  }
}
