package io.libprocess.metrics;

import io.libprocess.future.Future;
import java.util.Optional;

/** A number about a running program, under a name. All methods may be called from any thread. */
public sealed interface Metric permits Counter, PushGauge, PullGauge, Stopwatch {

  /** What the number is called wherever it is shown, such as {@code orders/received}. */
  String name();

  /** The number as it is now, or as soon as it is known; failed if there is none. */
  Future<Double> value();

  /** How the values of the past are distributed; none without a history of two values at least. */
  Optional<Statistics<Double>> statistics();
}
