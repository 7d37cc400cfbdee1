package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A sequence of waiting times. It is immutable, so one sequence may be shared: each user asks for
 * the first {@link Step} and goes on with the next sequence. Random times are drawn when a step is
 * asked for.
 *
 * <p>Growing times stay at the greatest time once they have reached it. The generators of random
 * numbers have to be for several threads, as {@link java.util.Random} is.
 */
@FunctionalInterface
public interface Backoff {

  /**
   * One time to wait.
   *
   * @param delay how long; zero is not at all
   * @param next what comes after it
   */
  record Step(Duration delay, Backoff next) {}

  /** The first time to wait; none if it is enough. */
  Optional<Step> step();

  /** The sequence without any times. */
  static Backoff none() {
    return Optional::empty;
  }

  /** The same time for ever. */
  static Backoff constant(Duration delay) {
    long nanos = BackoffSteps.nanos(delay);
    return new BackoffSteps.Constant(nanos);
  }

  /** A first time, and each one longer than that before by the same. */
  static Backoff linear(Duration start, Duration increment, Duration most) {
    return new BackoffSteps.Linear(
        BackoffSteps.nanos(start), BackoffSteps.nanos(increment), BackoffSteps.nanos(most));
  }

  /**
   * A first time, and each one longer than that before by a factor.
   *
   * @param factor at least 1
   */
  static Backoff exponential(Duration start, double factor, Duration most) {
    return new BackoffSteps.Exponential(
        BackoffSteps.positive(start), factor, BackoffSteps.nanos(most));
  }

  /** Any time below one that begins with {@code start} and doubles. */
  static Backoff exponentialJittered(Duration start, Duration most, RandomGenerator random) {
    return new BackoffSteps.ExponentialJittered(
        BackoffSteps.positive(start), BackoffSteps.nanos(most), requireNonNull(random, "random"));
  }

  /** A time that begins with {@code start} and doubles, and any time up to as much again. */
  static Backoff equalJittered(Duration start, Duration most, RandomGenerator random) {
    return new BackoffSteps.EqualJittered(
        BackoffSteps.positive(start), BackoffSteps.nanos(most), requireNonNull(random, "random"));
  }

  /** Any time between that before, at first {@code start}, and three times as much. */
  static Backoff decorrelated(Duration start, Duration most, RandomGenerator random) {
    return new BackoffSteps.Decorrelated(
        BackoffSteps.positive(start), BackoffSteps.nanos(most), requireNonNull(random, "random"));
  }

  /**
   * As many times of this sequence, and no more.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  default Backoff take(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count < 0: " + count);
    }
    return () ->
        count == 0
            ? Optional.empty()
            : step().map(step -> new Step(step.delay(), step.next().take(count - 1)));
  }

  /** The times of this sequence, and then those of another. */
  default Backoff concat(Backoff other) {
    requireNonNull(other, "other");
    return () -> {
      Optional<Step> first = step();
      return first.isEmpty()
          ? other.step()
          : first.map(step -> new Step(step.delay(), step.next().concat(other)));
    };
  }
}
