package io.libprocess.service.balance;

import io.libprocess.time.Clock;

/** A measure of the load of an endpoint, for a {@link Balancer}. */
public enum LoadMetric {
  /** How many requests it has not answered. */
  LEAST_LOADED {
    @Override
    NodeLoad start(Clock clock) {
      return new OutstandingLoad();
    }
  },

  /**
   * How long it takes to answer, times how many requests it would have to answer: an average of
   * latencies that rises at once and falls within some ten seconds.
   */
  PEAK_EWMA {
    @Override
    NodeLoad start(Clock clock) {
      return new PeakEwmaLoad(clock);
    }
  };

  abstract NodeLoad start(Clock clock);
}
