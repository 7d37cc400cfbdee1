package io.libprocess.metrics;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * A number that its owner keeps up to date; it starts at zero. Each change is atomic, never blocks
 * and allocates nothing.
 */
public final class PushGauge implements Metric {

  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(PushGauge.class, "value", double.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private volatile double value;

  /** Makes a gauge at zero. */
  public PushGauge(String name) {
    this.name = requireNonNull(name, "name");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Future<Double> value() {
    return Future.of(value);
  }

  /** Empty: a gauge has no history. */
  @Override
  public Optional<Statistics<Double>> statistics() {
    return Optional.empty();
  }

  /** Replaces the number. */
  public void set(double value) {
    this.value = value;
  }

  /** Adds one. */
  public void increment() {
    add(1);
  }

  /** Subtracts one. */
  public void decrement() {
    add(-1);
  }

  /** Adds to the number. */
  public void add(double difference) {
    VALUE.getAndAdd(this, difference);
  }

  /** Subtracts from the number. */
  public void subtract(double difference) {
    add(-difference);
  }

  @Override
  public String toString() {
    return name + "=" + value;
  }
}
