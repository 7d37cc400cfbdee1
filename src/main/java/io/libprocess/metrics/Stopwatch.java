package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The duration of the last measured operation, as a number of some unit. There is no number before
 * the first measurement: {@link #value} then fails with {@code No value}. All methods may be called
 * from any thread. (libprocess: {@code metrics::Timer}.)
 */
public final class Stopwatch implements Metric {

  private final String name;
  private final double unit; // One unit in nanoseconds.
  private final Clock clock;
  private final PastValues history; // May be null.
  private volatile long started; // By the clock's monotonic count, as are all times here.
  private volatile Duration last; // Null before the first measurement.

  /** Makes a stopwatch without a history, by the clock of the calling thread. */
  public Stopwatch(String name, ChronoUnit unit) {
    this(name, unit, Clock.current());
  }

  /**
   * Makes a stopwatch without a history.
   *
   * @param name gets a suffix that says the unit: {@code _ns}, {@code _us}, {@code _ms}, {@code
   *     _secs}, {@code _mins}, {@code _hrs}, {@code _days} or {@code _weeks}
   * @throws IllegalArgumentException if the unit is not one of these
   */
  public Stopwatch(String name, ChronoUnit unit, Clock clock) {
    this(name, unit, requireNonNull(clock, "clock"), null);
  }

  /** Makes a stopwatch with a history, by the clock of the calling thread. */
  public Stopwatch(String name, ChronoUnit unit, Duration window) {
    this(name, unit, window, Clock.current());
  }

  /**
   * Makes a stopwatch with a history; see {@link #Stopwatch(String, ChronoUnit, Clock)}.
   *
   * @param window how far back the history reaches
   */
  public Stopwatch(String name, ChronoUnit unit, Duration window, Clock clock) {
    this(name, unit, requireNonNull(clock, "clock"), new PastValues(window, clock));
  }

  private Stopwatch(String name, ChronoUnit unit, Clock clock, PastValues history) {
    this.name = requireNonNull(name, "name") + suffix(unit);
    this.unit = unit.getDuration().toNanos();
    this.clock = clock;
    this.history = history;
  }

  private static String suffix(ChronoUnit unit) {
    return switch (unit) {
      case NANOS -> "_ns";
      case MICROS -> "_us";
      case MILLIS -> "_ms";
      case SECONDS -> "_secs";
      case MINUTES -> "_mins";
      case HOURS -> "_hrs";
      case DAYS -> "_days";
      case WEEKS -> "_weeks";
      default -> throw new IllegalArgumentException("not a unit of nanoseconds to weeks: " + unit);
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Future<Double> value() {
    Duration duration = last;
    return duration == null ? Future.failed("No value") : Future.of(inUnit(duration));
  }

  @Override
  public Optional<Statistics<Double>> statistics() {
    return history == null ? Optional.empty() : history.statistics();
  }

  /** Begins to measure; a measurement that was begun and not stopped is dropped. */
  public void start() {
    started = clock.nanoTime();
  }

  /**
   * Measures the time since the last {@link #start}, or since the epoch if there was none. It may
   * be called again, and then measures from the same start.
   */
  public Duration stop() {
    return record(started);
  }

  /**
   * Measures the time from now until a future is completed in any way, independently of other
   * measurements.
   *
   * @return the future itself
   */
  public <T> Future<T> time(Future<T> future) {
    long begin = clock.nanoTime();
    return future.onAny(done -> record(begin));
  }

  private Duration record(long begin) {
    Duration duration = Duration.ofNanos(clock.nanoTime() - begin);
    last = duration;
    if (history != null) {
      history.add(inUnit(duration));
    }
    return duration;
  }

  /** The length of one unit in seconds. */
  double unitInSeconds() {
    return unit / 1e9;
  }

  private double inUnit(Duration duration) {
    return (duration.getSeconds() * 1e9 + duration.getNano()) / unit;
  }

  @Override
  public String toString() {
    return name + "=" + last;
  }
}
