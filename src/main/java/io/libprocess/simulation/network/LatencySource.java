package io.libprocess.simulation.network;

import io.libprocess.simulation.engine.Draws;

/** Draws how long bytes are on their way between two hosts. */
@FunctionalInterface
public interface LatencySource {

  /** A latency in nanoseconds. */
  long draw(Draws draws);
}
