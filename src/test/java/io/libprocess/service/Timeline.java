package io.libprocess.service;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.time.Clock;
import io.libprocess.time.ClockDriver;
import io.libprocess.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/** Time that a test moves: timers run inside the call that does, on the same thread. */
public final class Timeline implements TimeSource {

  public static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

  private final ClockDriver driver = new ClockDriver(this, () -> {});
  private long now;

  public Clock clock() {
    return driver.clock();
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Instant wallTime() {
    return START.plusNanos(now);
  }

  /** Lets time pass and runs each timer when it is due. */
  public void advance(Duration duration) {
    long end = now + duration.toNanos();
    for (OptionalLong wait = driver.nanosToNext();
        wait.isPresent() && now + wait.getAsLong() <= end;
        wait = driver.nanosToNext()) {
      now += wait.getAsLong();
      driver.runNext();
    }
    now = end;
  }

  public void advanceMillis(long millis) {
    advance(Duration.ofMillis(millis));
  }

  /** How long it is since the start. */
  public Duration elapsed() {
    return Duration.ofNanos(now);
  }

  /** How many timers wait. */
  public int timers() {
    return clock().timers();
  }

  /** A response that comes after some time, unless it is discarded before. */
  public <R> Future<R> later(Duration delay, R value) {
    Promise<R> promise = new Promise<>();
    promise.future().onDiscard(promise::discard);
    clock().timer(delay, () -> promise.set(value));
    return promise.future();
  }

  /** A failure that comes after some time, unless it is discarded before. */
  public <R> Future<R> failingLater(Duration delay, Throwable failure) {
    Promise<R> promise = new Promise<>();
    promise.future().onDiscard(promise::discard);
    clock().timer(delay, () -> promise.fail(failure));
    return promise.future();
  }
}
