package io.libprocess.config;

import io.libprocess.settings.Check;
import java.time.Duration;

/**
 * The limits of a node for messages to and from other nodes.
 *
 * @param size how many bytes the body of a message may have, sent or received; 128 MiB
 * @param queuedBytes how many bytes may wait for one other node before messages to it are dropped;
 *     a message that waits alone may be larger; 64 MiB
 * @param queuedMessages how many messages may wait for one other node, to be written, or to be
 *     answered if the sender asked for an answer; 1,000,000
 * @param totalQueuedBytes how many bytes may wait for all other nodes together before messages are
 *     dropped; a quarter of the largest heap
 * @param mailboxBytes how many bytes of messages from other nodes may wait in one mailbox before
 *     the node stops reading the connections that bring them; a sixteenth of the largest heap, up
 *     to 64 MiB
 * @param connections how many connections there may be at a time to nodes that no process has
 *     linked to; messages to further nodes wait, and are dropped after the answer time; 512
 * @param answerTime how long a connection without links is kept while the other node neither
 *     answers nor reads anything; one minute
 * @param heartbeat the time within which a linked connection is found to be dead even if it is not
 *     closed; zero, the default, turns this off
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

  /** The default part of the heap that may be used by messages waiting for other nodes. */
  private static final long HEAP_PART = Math.max(1, Runtime.getRuntime().maxMemory() / 4);

  /** The default number of bytes from other nodes that may wait in a mailbox. */
  private static final long MAILBOX_PART = Math.max(1, Math.min(64 << 20, HEAP_PART / 4));

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
   * Checks the limits.
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

  /** The default limits. */
  public static MessageLimits defaults() {
    return DEFAULTS;
  }

  /** Makes a builder that starts with the defaults. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** Makes a builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * Collects limits; a limit that is not set keeps its value. The values are checked by {@link
   * #build}.
   */
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

    /** Sets how many bytes the body of a message may have. */
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

    /**
     * Sets how long another node may neither answer nor read anything before its unlinked
     * connection is closed.
     */
    public Builder answerTime(Duration time) {
      answerTime = time;
      return this;
    }

    /** Sets the time within which dead connections are found; zero turns this off. */
    public Builder heartbeat(Duration time) {
      heartbeat = time;
      return this;
    }

    /**
     * Builds the limits.
     *
     * @throws IllegalArgumentException if a limit is not valid: see {@link MessageLimits}
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
