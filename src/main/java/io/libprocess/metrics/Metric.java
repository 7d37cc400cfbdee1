package io.libprocess.metrics;

import io.libprocess.future.Future;
import java.util.Optional;

/**
 * A number about a running program, under a name. All methods may be called from any thread.
 *
 * <p>A name is any text, such as {@code orders/received}. It may end with labels, which tell
 * metrics of one kind apart: {@code orders/received{shop="north",kind="book"}}. Within the quotes
 * {@code \\}, {@code \"} and {@code \n} stand for a backslash, a quotation mark and the end of a
 * line. {@link Metrics#prometheus} says what scrapers see of names and labels.
 */
public sealed interface Metric
    permits Counter, PullCounter, PushGauge, PullGauge, Stopwatch, Histogram {

  /** What the number is called wherever it is shown, such as {@code orders/received}. */
  String name();

  /** The number as it is now, or as soon as it is known; failed if there is none. */
  Future<Double> value();

  /** How the values of the past are distributed; none without a history of two values at least. */
  Optional<Statistics<Double>> statistics();
}
