package io.libprocess;

import io.libprocess.endpoints.MetricsSnapshot;
import io.libprocess.metrics.Metrics;

/** {@code /metrics/snapshot}: what the node's metrics say. */
final class MetricsProcess extends Process<MetricsProcess> {

  private static final String REALM = "libprocess-readonly";

  private static final String HELP =
      """
      All metrics and the statistics of their histories, as a JSON object.

      `timeout=2secs` answers after that time at the latest, without those that have no value by \
      then. `jsonp=f` wraps the object. Requests that come too fast wait.
      """;

  private final MetricsSnapshot snapshot;

  MetricsProcess(Metrics metrics, Config config) {
    super("metrics");
    snapshot = new MetricsSnapshot(metrics, config.snapshotInterval(), config.clock());
  }

  @Override
  protected void initialize() {
    route("/snapshot", REALM, HELP, (request, principal) -> snapshot.answer(request));
  }

  @Override
  protected void finish() {
    snapshot.close();
  }
}
