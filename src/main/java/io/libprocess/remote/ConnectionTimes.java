package io.libprocess.remote;

/**
 * Tracks how long a connection has been quiet, as far as can be seen by looking from time to time.
 * All times are in milliseconds of the clock. Guarded by the lock of the {@link Peer}.
 */
final class ConnectionTimes {

  private boolean sent; // Since the last look, like the next two.
  private boolean heard;
  private long lastQueued;
  private long quietSince; // Without a request or an answer.
  private long silentSince; // Requests are unanswered and the peer is inactive.

  ConnectionTimes(long now) {
    quietSince = now;
    silentSince = now;
  }

  /** Notes that something is to be sent. */
  void sent() {
    sent = true;
  }

  /** Notes that something has arrived. */
  void heard() {
    heard = true;
  }

  /**
   * Looks at the connection.
   *
   * @param queued the bytes that the channel has not sent
   * @param waits whether a request waits to be sent or answered
   */
  void look(long now, long queued, boolean waits) {
    boolean moved = heard || queued != lastQueued;
    if (moved || sent) {
      quietSince = now;
    }
    if (moved || !waits) {
      silentSince = now;
    }
    lastQueued = queued;
    heard = false;
    sent = false;
  }

  /** How long there has been neither a request nor an answer, as of the last look. */
  long quiet(long now) {
    return now - quietSince;
  }

  /** How long the peer has owed an answer and been inactive, as of the last look. */
  long silent(long now) {
    return now - silentSince;
  }
}
