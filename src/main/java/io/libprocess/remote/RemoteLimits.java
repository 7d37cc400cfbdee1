package io.libprocess.remote;

import java.time.Duration;

/**
 * What is done for messages to and from other nodes.
 *
 * @param size how many bytes the body of a message may have, sent or received
 * @param queuedBytes how many bytes may wait for one other node before messages to it are dropped;
 *     a message that waits alone may be larger
 * @param queuedMessages how many messages may wait for one other node, to be written or for the
 *     answer that somebody asked for
 * @param totalQueuedBytes how many bytes may wait for all other nodes together
 * @param connections how many connections there may be to nodes that nobody has linked to; messages
 *     to more of them wait
 * @param answerTime how long a connection that nobody has linked through is kept while the other
 *     node neither answers nor takes anything
 * @param heartbeat within what time a linked connection is found to lead nowhere even if nobody
 *     closes it; zero means that this is not looked for
 */
public record RemoteLimits(
    int size,
    long queuedBytes,
    int queuedMessages,
    long totalQueuedBytes,
    int connections,
    Duration answerTime,
    Duration heartbeat) {

  /** How often connections are looked at. */
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
