package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often something has happened, of which a function knows: a {@link Counter} kept elsewhere.
 */
public final class PullCounter implements Metric {

  private final String name;
  private final LongSupplier function;

  private PullCounter(String name, LongSupplier function) {
    this.name = requireNonNull(name, "name");
    this.function = requireNonNull(function, "function");
  }

  /**
   * A counter that is kept elsewhere.
   *
   * @param function gives a number that does not fall. It runs on any thread, for several callers
   *     at once, and must not block; what it throws fails the value
   */
  public static PullCounter of(String name, LongSupplier function) {
    return new PullCounter(name, function);
  }

  @Override
  public String name() {
    return name;
  }

  /** What the function says now; it runs inside this call. */
  @Override
  public Future<Double> value() {
    try {
      return Future.of((double) function.getAsLong());
    } catch (Throwable thrown) { // Of the user: an error harms no more than an exception.
      return Future.failed(thrown);
    }
  }

  /** None: it has no history. */
  @Override
  public Optional<Statistics<Double>> statistics() {
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
