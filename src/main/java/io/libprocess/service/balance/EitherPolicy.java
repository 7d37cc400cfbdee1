package io.libprocess.service.balance;

import java.time.Duration;
import java.util.Optional;

/** Gives up an endpoint when one of two policies does, for the longer time. */
final class EitherPolicy implements AccrualPolicy {

  private final AccrualPolicy one;
  private final AccrualPolicy two;

  EitherPolicy(AccrualPolicy one, AccrualPolicy two) {
    this.one = one;
    this.two = two;
  }

  @Override
  public void succeeded() {
    one.succeeded();
    two.succeeded();
  }

  @Override
  public Optional<Duration> failed() {
    Optional<Duration> first = one.failed();
    Optional<Duration> second = two.failed();
    if (first.isPresent() && second.isPresent()) {
      return Optional.of(longer(first.get(), second.get()));
    }
    return first.isPresent() ? first : second;
  }

  @Override
  public Duration probeFailed() {
    return longer(one.probeFailed(), two.probeFailed());
  }

  private static Duration longer(Duration one, Duration two) {
    return one.compareTo(two) >= 0 ? one : two;
  }

  @Override
  public void revived() {
    one.revived();
    two.revived();
  }
}
