package io.libprocess.service.filter;

import io.libprocess.internal.Saturating;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The sequences that {@link Backoff} makes. All times are nanoseconds, and saturate. */
final class BackoffSteps {

  private BackoffSteps() {}

  static long nanos(Duration duration) {
    long nanos = Saturating.nanos(duration);
    if (nanos < 0) {
      throw new IllegalArgumentException("duration < 0: " + duration);
    }
    return nanos;
  }

  static long positive(Duration duration) {
    if (nanos(duration) == 0) {
      throw new IllegalArgumentException("duration not positive: " + duration);
    }
    return nanos(duration);
  }

  private static Optional<Backoff.Step> step(long nanos, Backoff next) {
    return Optional.of(new Backoff.Step(Duration.ofNanos(nanos), next));
  }

  private static long doubled(long nanos, long most) {
    return nanos > most / 2 ? most : nanos * 2;
  }

  /** Any number from {@code low} up to {@code high}. */
  private static long between(long low, long high, RandomGenerator random) {
    long width = high - low;
    return width == 0 ? low : low + random.nextLong(width == Long.MAX_VALUE ? width : width + 1);
  }

  record Constant(long nanos) implements Backoff {
    @Override
    public Optional<Step> step() {
      return BackoffSteps.step(nanos, this);
    }
  }

  record Linear(long nanos, long increment, long most) implements Backoff {
    @Override
    public Optional<Step> step() {
      return nanos >= most
          ? new Constant(most).step()
          : BackoffSteps.step(nanos, new Linear(Saturating.sum(nanos, increment), increment, most));
    }
  }

  record Exponential(long nanos, double factor, long most) implements Backoff {
    Exponential {
      if (!(factor >= 1)) {
        throw new IllegalArgumentException("factor < 1: " + factor);
      }
    }

    @Override
    public Optional<Step> step() {
      return nanos >= most
          ? new Constant(most).step()
          : BackoffSteps.step(nanos, new Exponential((long) (nanos * factor), factor, most));
    }
  }

  record ExponentialJittered(long ceiling, long most, RandomGenerator random) implements Backoff {
    @Override
    public Optional<Step> step() {
      return ceiling >= most
          ? new Constant(most).step()
          : BackoffSteps.step(
              random.nextLong(ceiling),
              new ExponentialJittered(doubled(ceiling, most), most, random));
    }
  }

  record EqualJittered(long half, long most, RandomGenerator random) implements Backoff {
    @Override
    public Optional<Step> step() {
      return half >= most
          ? new Constant(most).step()
          : BackoffSteps.step(
              half + between(0, Math.min(half, most - half), random),
              new EqualJittered(doubled(half, most), most, random));
    }
  }

  record Decorrelated(long last, long most, RandomGenerator random) implements Backoff {
    @Override
    public Optional<Step> step() {
      if (last >= most) {
        return new Constant(most).step();
      }
      long high = last > most / 3 ? most : last * 3;
      long drawn = between(last, Math.max(last, high), random);
      return BackoffSteps.step(drawn, new Decorrelated(drawn, most, random));
    }
  }
}
