package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import java.util.Optional;

/** A number that a function computes whenever it is asked for. */
public final class PullGauge implements Metric {

  private final String name;
  private final CheckedSupplier<Future<Double>> function;

  private PullGauge(String name, CheckedSupplier<Future<Double>> function) {
    this.name = requireNonNull(name, "name");
    this.function = function;
  }

  /**
   * Makes a gauge with a function that knows the number.
   *
   * @param function runs on any thread, for several callers at once, and must not block; if it
   *     throws, the value fails
   */
  public static PullGauge of(String name, CheckedSupplier<? extends Number> function) {
    requireNonNull(function, "function");
    return new PullGauge(name, () -> Future.of(function.get().doubleValue()));
  }

  /**
   * Makes a gauge with a function that asks for the number, for instance by a call of a process.
   *
   * @param function runs on any thread, for several callers at once, and must not block; if it
   *     throws, the value fails
   */
  public static PullGauge async(String name, CheckedSupplier<Future<Double>> function) {
    return new PullGauge(name, requireNonNull(function, "function"));
  }

  @Override
  public String name() {
    return name;
  }

  /** The current result of the function, which runs inside this call. */
  @Override
  public Future<Double> value() {
    try {
      return requireNonNull(function.get(), "the function of a gauge returned null");
      // From the user's function: an error does no more harm than an exception.
    } catch (Throwable thrown) {
      return Future.failed(thrown);
    }
  }

  /** Empty: a gauge has no history. */
  @Override
  public Optional<Statistics<Double>> statistics() {
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
