package io.libprocess;

/** The outcomes of a message: see {@link Node#postConfirmed}. */
public enum Delivery {
  /** The message is in the mailbox of the receiver. */
  ACCEPTED,
  /** The receiver's node has no such process. */
  NO_PROCESS,
  /**
   * The receiver's node refused the message for another reason, such as its size, its sender, or a
   * full mailbox.
   */
  REFUSED,
  /**
   * The message has not left this node: too much waits for the other one already, or there is no
   * connection.
   */
  DROPPED,
  /** The connection broke before there was an answer: the message may or may not have arrived. */
  UNANSWERED
}
