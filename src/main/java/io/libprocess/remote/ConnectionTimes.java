package io.libprocess.remote;

/**
 * Since when there has been nothing on a connection, as far as can be seen by looking from time to
 * time. All times are in milliseconds of the clock. Guarded by the lock of the {@link Peer}.
 */
final class ConnectionTimes {

  private boolean sent; // Since the last look, as are the next two.
  private boolean heard;
  private long lastQueued;
  private long quietSince; // No request and no answer.
  private long silentSince; // Requests are unanswered, and the peer does nothing.

  ConnectionTimes(long now) {
    quietSince = now;
    silentSince = now;
  }

  /** Something is to be sent. */
  void sent() {
    sent = true;
  }

  /** Something has arrived. */
  void heard() {
    heard = true;
  }

  /**
   * Looks at the connection.
   *
   * @param queued how many bytes the channel has not sent
   * @param waits whether something is to be sent or to be answered
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

  /** How long there has been no request and no answer, as of the last look. */
  long quiet(long now) {
    return now - quietSince;
  }

  /** How long the peer has owed an answer and done nothing, as of the last look. */
  long silent(long now) {
    return now - silentSince;
  }
}
