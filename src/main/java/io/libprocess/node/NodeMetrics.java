package io.libprocess.node;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Metrics;
import io.libprocess.metrics.PullGauge;
import io.libprocess.time.Clock;

/**
 * What a node counts about itself.
 *
 * @param metrics all metrics of the node, those of its processes too
 * @param stalls events that took longer than the stall threshold
 * @param drops one-way events that found a mailbox full
 */
public record NodeMetrics(Metrics metrics, Counter stalls, Counter drops) {

  /** Those of a node by a clock. */
  public static NodeMetrics of(Clock clock) {
    Metrics metrics = new Metrics(clock);
    Counter stalls = new Counter("libprocess/stalls");
    Counter drops = new Counter("libprocess/dropped_events");
    metrics.add(stalls);
    metrics.add(drops);
    return new NodeMetrics(metrics, stalls, drops);
  }

  /** Shows how much of a budget is used, and how often it was refused. */
  public MemoryBudget watch(MemoryBudget budget) {
    metrics.add(PullGauge.of("libprocess/memory_held", budget::used));
    metrics.add(PullGauge.of("libprocess/memory_refusals", budget::refused));
    return budget;
  }
}
