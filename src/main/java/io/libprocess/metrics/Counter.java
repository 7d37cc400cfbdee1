package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * A count of events: a whole number that starts at zero.
 *
 * <p>Counting never blocks, allocates nothing, and threads that count at once do not hinder each
 * other, unless the counter keeps a history: then each change is recorded, one after the other.
 */
public final class Counter implements Metric {

  private final String name;
  private final LongAdder count = new LongAdder();
  private final PastValues history; // May be null. Its lock keeps the recorded values in order.

  /** Makes a counter without a history. */
  public Counter(String name) {
    this.name = requireNonNull(name, "name");
    history = null;
  }

  /** Makes a counter with a history, by the clock of the calling thread. */
  public Counter(String name, Duration window) {
    this(name, window, Clock.current());
  }

  /**
   * Makes a counter with a history.
   *
   * @param window how far back the history reaches
   */
  public Counter(String name, Duration window, Clock clock) {
    this.name = requireNonNull(name, "name");
    history = new PastValues(window, clock);
    history.add(0);
  }

  @Override
  public String name() {
    return name;
  }

  /** The count, which is exact once all counting calls have returned. */
  @Override
  public Future<Double> value() {
    return Future.of((double) count.sum());
  }

  @Override
  public Optional<Statistics<Double>> statistics() {
    return history == null ? Optional.empty() : history.statistics();
  }

  /** Counts one. */
  public void increment() {
    add(1);
  }

  /** Counts several; a negative number counts backwards. */
  public void add(long number) {
    if (history == null) {
      count.add(number);
      return;
    }
    synchronized (history) {
      count.add(number);
      history.add(count.sum());
    }
  }

  /** Starts again at zero. Concurrent increments are either kept or lost. */
  public void reset() {
    if (history == null) {
      count.reset();
      return;
    }
    synchronized (history) {
      count.reset();
      history.add(0);
    }
  }

  @Override
  public String toString() {
    return name + "=" + count;
  }
}
