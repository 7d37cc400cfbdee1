package io.libprocess.http.client;

import java.time.Duration;

/**
 * When a silent server is asked for a sign of life by a ping.
 *
 * @param silence how long nothing has arrived
 * @param answer how long the answer may take before the connection counts as dead
 * @param isForIdle whether it is asked while no request is in progress
 */
public record KeepAlive(Duration silence, Duration answer, boolean isForIdle) {

  /** For requests of HTTP. */
  static final KeepAlive DEFAULT =
      new KeepAlive(Duration.ofSeconds(30), Duration.ofSeconds(15), false);

  /** Not at all. */
  public static final KeepAlive NEVER =
      new KeepAlive(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(15), false);
}
