package io.libprocess;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a node does for messages to and from other nodes.
 *
 * @param size how many bytes the body of a message may have, sent or received; 128 MiB
 * @param queuedBytes how many bytes may wait for one other node before messages to it are dropped;
 *     a message that waits alone may be larger; 64 MiB
 * @param queuedMessages how many messages may wait for one other node, to be written or for the
 *     answer that somebody asked for; 1,000,000
 * @param answerTime how long a connection that nobody has linked through is kept while the other
 *     node neither answers nor takes anything; one minute
 * @param heartbeat within what time a linked connection is found to lead nowhere even if nobody
 *     closes it; zero, the default, means that this is not looked for
 */
public record MessageLimits(
    int size, long queuedBytes, int queuedMessages, Duration answerTime, Duration heartbeat) {

  private static final MessageLimits DEFAULTS =
      new MessageLimits(128 << 20, 64L << 20, 1_000_000, Duration.ofMinutes(1), Duration.ZERO);

  /**
   * Limits.
   *
   * @throws IllegalArgumentException if one of them is not positive, or the heartbeat is negative
   */
  public MessageLimits {
    positive("size", size);
    positive("queuedBytes", queuedBytes);
    positive("queuedMessages", queuedMessages);
    positive("answerTime", requireNonNull(answerTime, "answerTime").toMillis());
    if (heartbeat.isNegative()) {
      throw new IllegalArgumentException("heartbeat is negative: " + heartbeat);
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
  }

  /** The defaults. */
  public static MessageLimits defaults() {
    return DEFAULTS;
  }

  /** With another size of bodies. */
  public MessageLimits withSize(int bytes) {
    return new MessageLimits(bytes, queuedBytes, queuedMessages, answerTime, heartbeat);
  }

  /** With another number of bytes that may wait. */
  public MessageLimits withQueuedBytes(long bytes) {
    return new MessageLimits(size, bytes, queuedMessages, answerTime, heartbeat);
  }

  /** With another number of messages that may wait. */
  public MessageLimits withQueuedMessages(int messages) {
    return new MessageLimits(size, queuedBytes, messages, answerTime, heartbeat);
  }

  /** With another time for answers. */
  public MessageLimits withAnswerTime(Duration time) {
    return new MessageLimits(size, queuedBytes, queuedMessages, time, heartbeat);
  }

  /** With another time for finding connections that lead nowhere; zero turns that off. */
  public MessageLimits withHeartbeat(Duration time) {
    return new MessageLimits(size, queuedBytes, queuedMessages, answerTime, time);
  }

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
