package io.libprocess.remote;

import java.time.Duration;

/**
 * The limits for messages to and from other nodes.
 *
 * @param size how many bytes the body of a message may have, sent or received
 * @param queuedBytes how many bytes may wait for one other node before messages to it are dropped;
 *     a message that waits alone may be larger
 * @param queuedMessages how many messages may wait for one other node, to be written, or to be
 *     answered if the sender asked for an answer
 * @param totalQueuedBytes how many bytes may wait for all other nodes together
 * @param connections how many connections there may be to nodes that no process has linked to;
 *     messages to further nodes wait
 * @param answerTime how long a connection without links is kept while the other node neither
 *     answers nor reads anything
 * @param heartbeat the time within which a linked connection is found to be dead even if it is not
 *     closed; zero turns this off
 */
public record RemoteLimits(
    int size,
    long queuedBytes,
    int queuedMessages,
    long totalQueuedBytes,
    int connections,
    Duration answerTime,
    Duration heartbeat) {

  /** The interval at which connections are looked at. */
  Duration period() {
    Duration period = Duration.ofSeconds(1);
    period = shorter(period, answerTime.dividedBy(4));
    return heartbeat.isZero() ? period : shorter(period, heartbeat.dividedBy(12));
  }

  private static Duration shorter(Duration one, Duration other) {
    Duration least = Duration.ofMillis(1);
    Duration shorter = one.compareTo(other) < 0 ? one : other;
    return shorter.compareTo(least) < 0 ? least : shorter;
  }
}
