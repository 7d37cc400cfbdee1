package io.libprocess.actor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.SendFlags;
import io.libprocess.metrics.Histogram;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SamplerTest {

  /** The flag that senders read belongs to all nodes of the JVM. */
  @Test
  void closedSampler_leavesNoTraceOn() {
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      Sampler sampler =
          new Sampler(clock, Histogram.ofDurations("waited"), Histogram.ofDurations("ran"));
      sampler.trace(null, (cell, event, sender, began, waited) -> {});
      assertTrue(SendFlags.isSampling());
      sampler.want();
      sampler.close();
      sampler.trace(null, (cell, event, sender, began, waited) -> {});
      // Other tests of this JVM may have left a node that samples now and then.
      Expect.until(() -> !SendFlags.isSampling());
    }
  }
}
