package io.libprocess.metrics;

import io.libprocess.future.Future;
import java.util.Optional;

/**
 * A number about a running program, under a name. All methods may be called from any thread.
 *
 * <p>A name is any text, such as {@code orders/received}. It may end with labels, which distinguish
 * metrics of one kind: {@code orders/received{shop="north",kind="book"}}. Within the quotes {@code
 * \\}, {@code \"} and {@code \n} stand for a backslash, a quotation mark and the end of a line.
 * {@link Metrics#prometheus} describes how names and labels appear to scrapers.
 */
public sealed interface Metric
    permits Counter, PullCounter, PushGauge, PullGauge, Stopwatch, Histogram {

  /** The name under which the number is shown, such as {@code orders/received}. */
  String name();

  /** The current number, as soon as it is known; failed if there is none. */
  Future<Double> value();

  /** The statistics of past values; empty without a history of at least two values. */
  Optional<Statistics<Double>> statistics();
}
