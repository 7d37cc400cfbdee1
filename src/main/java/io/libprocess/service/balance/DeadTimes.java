package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.service.filter.Backoff;
import java.time.Duration;
import java.util.Optional;

/** For how long an endpoint is left alone, one time after the other. Not thread-safe. */
final class DeadTimes {

  private final Backoff all;
  private Backoff rest;
  private Duration last = Duration.ZERO;

  DeadTimes(Backoff all) {
    this.all = requireNonNull(all, "times");
    this.rest = all;
  }

  Duration next() {
    Optional<Backoff.Step> step = rest.step();
    if (step.isPresent()) {
      last = step.get().delay();
      rest = step.get().next();
    }
    return last;
  }

  void restart() {
    rest = all;
  }
}
