package io.libprocess.node;

import io.libprocess.actor.Inspection;
import io.libprocess.actor.Processes;
import io.libprocess.endpoints.Endpoint;
import io.libprocess.endpoints.Help;
import io.libprocess.endpoints.MetricsSnapshot;
import io.libprocess.endpoints.ProcessesPage;
import io.libprocess.runtime.Runtime;
import java.time.Duration;
import java.util.List;

/** The endpoints that every node has. */
public final class BuiltInEndpoints {

  private BuiltInEndpoints() {}

  /**
   * All of them, in the order in which they are spawned.
   *
   * @param help of the node's processes
   * @param snapshotInterval how often the metrics may be asked for
   */
  public static List<Endpoint> of(
      Runtime runtime,
      Help help,
      NodeMetrics metrics,
      Duration snapshotInterval,
      Processes processes) {
    MetricsSnapshot snapshot =
        new MetricsSnapshot(
            metrics.metrics(), snapshotInterval, runtime.clock(), runtime.internalBlocking());
    return List.of(
        help.endpoint(), snapshot.endpoint(), ProcessesPage.endpoint(new Inspection(processes)));
  }
}
