package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.Saturating;
import io.libprocess.service.support.Ema;
import io.libprocess.service.support.WindowedSum;
import io.libprocess.settings.Check;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Gives up an endpoint when less than a share of its requests succeed. */
final class SuccessRate implements AccrualPolicy {

  private final double least;
  private final long windowNanos;
  private final int enough;
  private final DeadTimes times;
  private final Clock clock;
  private final Ema rate;
  private final WindowedSum requests;
  private long begin; // Of the first window.

  SuccessRate(double least, Duration window, int enough, DeadTimes times, Clock clock) {
    if (!(least > 0 && least <= 1)) {
      throw new IllegalArgumentException("least not within 0 (exclusive) to 1: " + least);
    }
    this.least = least;
    this.windowNanos = Saturating.nanos(Check.positive("window", window));
    this.enough = Check.atLeast("requests", enough, 1);
    this.times = times;
    this.clock = requireNonNull(clock, "clock");
    this.rate = new Ema(windowNanos);
    this.requests = new WindowedSum(window, clock);
    this.begin = clock.nanoTime();
  }

  @Override
  public void succeeded() {
    add(1);
  }

  @Override
  public Optional<Duration> failed() {
    double average = add(0);
    boolean judged = clock.nanoTime() - begin >= windowNanos && requests.sum() >= enough;
    return judged && average < least ? Optional.of(times.next()) : Optional.empty();
  }

  private double add(int success) {
    requests.add(1);
    return rate.add(clock.nanoTime(), success);
  }

  @Override
  public Duration probeFailed() {
    return times.next();
  }

  @Override
  public void revived() {
    rate.clear();
    requests.clear();
    begin = clock.nanoTime();
    times.restart();
  }
}
