package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A count of events that a function reads: a {@link Counter} kept elsewhere. */
public final class PullCounter implements Metric {

  private final String name;
  private final LongSupplier function;

  private PullCounter(String name, LongSupplier function) {
    this.name = requireNonNull(name, "name");
    this.function = requireNonNull(function, "function");
  }

  /**
   * Makes a counter that is kept elsewhere.
   *
   * @param function returns a number that never decreases. It runs on any thread, for several
   *     callers at once, and must not block; if it throws, the value fails
   */
  public static PullCounter of(String name, LongSupplier function) {
    return new PullCounter(name, function);
  }

  @Override
  public String name() {
    return name;
  }

  /** The current result of the function, which runs inside this call. */
  @Override
  public Future<Double> value() {
    try {
      return Future.of((double) function.getAsLong());
      // From the user's function: an error does no more harm than an exception.
    } catch (Throwable thrown) {
      return Future.failed(thrown);
    }
  }

  /** Empty: it has no history. */
  @Override
  public Optional<Statistics<Double>> statistics() {
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
