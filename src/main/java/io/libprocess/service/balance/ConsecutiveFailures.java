package io.libprocess.service.balance;

import io.libprocess.settings.Check;
import java.time.Duration;
import java.util.Optional;

/** Gives up an endpoint after so many failures in a row. */
final class ConsecutiveFailures implements AccrualPolicy {

  private final int most;
  private final DeadTimes times;
  private int failures;

  ConsecutiveFailures(int most, DeadTimes times) {
    this.most = Check.atLeast("failures", most, 1);
    this.times = times;
  }

  @Override
  public void succeeded() {
    failures = 0;
  }

  @Override
  public Optional<Duration> failed() {
    failures++;
    return failures >= most ? Optional.of(times.next()) : Optional.empty();
  }

  @Override
  public Duration probeFailed() {
    return times.next();
  }

  @Override
  public void revived() {
    failures = 0;
    times.restart();
  }
}
