package io.libprocess;

import io.libprocess.remote.RemoteLimits;
import io.libprocess.settings.Check;
import java.time.Duration;

/**
 * What a node does for messages to and from other nodes.
 *
 * @param size how many bytes the body of a message may have, sent or received; 128 MiB
 * @param queuedBytes how many bytes may wait for one other node before messages to it are dropped;
 *     a message that waits alone may be larger; 64 MiB
 * @param queuedMessages how many messages may wait for one other node, to be written or for the
 *     answer that somebody asked for; 1,000,000
 * @param totalQueuedBytes how many bytes may wait for all other nodes together before messages are
 *     dropped; a quarter of the largest heap
 * @param mailboxBytes how many bytes of messages from other nodes may wait in one mailbox before
 *     the connections that bring them are read no more; a sixteenth of the largest heap, up to 64
 *     MiB
 * @param connections how many connections there may be at a time to nodes that no process has
 *     linked to; messages to more of them wait, and are dropped after the answer time; 512
 * @param answerTime how long a connection that nobody has linked through is kept while the other
 *     node neither answers nor takes anything; one minute
 * @param heartbeat within what time a linked connection is found to lead nowhere even if nobody
 *     closes it; zero, the default, means that this is not looked for
 */
public record MessageLimits(
    int size,
    long queuedBytes,
    int queuedMessages,
    long totalQueuedBytes,
    long mailboxBytes,
    int connections,
    Duration answerTime,
    Duration heartbeat) {

  /** The standard part of the heap that may wait for other nodes. */
  static final long HEAP_PART = Math.max(1, Runtime.getRuntime().maxMemory() / 4);

  /** The standard size of what may wait in a mailbox. */
  static final long MAILBOX_PART = Math.max(1, Math.min(64 << 20, HEAP_PART / 4));

  private static final MessageLimits DEFAULTS =
      new MessageLimits(
          128 << 20,
          64L << 20,
          1_000_000,
          HEAP_PART,
          MAILBOX_PART,
          512,
          Duration.ofMinutes(1),
          Duration.ZERO);

  /**
   * Limits.
   *
   * @throws IllegalArgumentException if one of them is not positive, or the heartbeat is negative
   */
  public MessageLimits {
    Check.atLeast("size", size, 1);
    Check.atLeast("queuedBytes", queuedBytes, 1);
    Check.atLeast("queuedMessages", queuedMessages, 1);
    Check.atLeast("totalQueuedBytes", totalQueuedBytes, 1);
    Check.atLeast("mailboxBytes", mailboxBytes, 1);
    Check.atLeast("connections", connections, 1);
    Check.positive("answerTime", answerTime);
    Check.notNegative("heartbeat", heartbeat);
  }

  /** The defaults. */
  public static MessageLimits defaults() {
    return DEFAULTS;
  }

  /** A builder that starts with the defaults. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** Makes a builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The same, for who sends and receives. */
  RemoteLimits remote() {
    return new RemoteLimits(
        size, queuedBytes, queuedMessages, totalQueuedBytes, connections, answerTime, heartbeat);
  }

  /** Collects limits; what is not set stays as it was. The values are checked at the end. */
  public static final class Builder {

    private int size;
    private long queuedBytes;
    private int queuedMessages;
    private long totalQueuedBytes;
    private long mailboxBytes;
    private int connections;
    private Duration answerTime;
    private Duration heartbeat;

    private Builder(MessageLimits start) {
      size = start.size;
      queuedBytes = start.queuedBytes;
      queuedMessages = start.queuedMessages;
      totalQueuedBytes = start.totalQueuedBytes;
      mailboxBytes = start.mailboxBytes;
      connections = start.connections;
      answerTime = start.answerTime;
      heartbeat = start.heartbeat;
    }

    /** Sets the size of a body, in bytes. */
    public Builder size(int bytes) {
      size = bytes;
      return this;
    }

    /** Sets how many bytes may wait for one other node. */
    public Builder queuedBytes(long bytes) {
      queuedBytes = bytes;
      return this;
    }

    /** Sets how many messages may wait for one other node. */
    public Builder queuedMessages(int messages) {
      queuedMessages = messages;
      return this;
    }

    /** Sets how many bytes may wait for all other nodes together. */
    public Builder totalQueuedBytes(long bytes) {
      totalQueuedBytes = bytes;
      return this;
    }

    /** Sets how many bytes of messages from other nodes may wait in one mailbox. */
    public Builder mailboxBytes(long bytes) {
      mailboxBytes = bytes;
      return this;
    }

    /** Sets how many connections there may be to nodes that no process has linked to. */
    public Builder connections(int count) {
      connections = count;
      return this;
    }

    /** Sets the time that another node may do nothing. */
    public Builder answerTime(Duration time) {
      answerTime = time;
      return this;
    }

    /** Sets the time in which connections are found that lead nowhere; zero turns that off. */
    public Builder heartbeat(Duration time) {
      heartbeat = time;
      return this;
    }

    /**
     * The limits.
     *
     * @throws IllegalArgumentException if they are not sensible: see {@link MessageLimits}
     */
    public MessageLimits build() {
      return new MessageLimits(
          size,
          queuedBytes,
          queuedMessages,
          totalQueuedBytes,
          mailboxBytes,
          connections,
          answerTime,
          heartbeat);
    }
  }
}
