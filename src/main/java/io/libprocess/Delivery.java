package io.libprocess;

/** What became of a message: see {@link Node#postConfirmed}. */
public enum Delivery {
  /** It is in the mailbox of the receiver. */
  ACCEPTED,
  /** The receiver's node has no such process. */
  NO_PROCESS,
  /**
   * The receiver's node refused it for another reason, such as its size, its sender, or a full
   * mailbox.
   */
  REFUSED,
  /**
   * It has not left this node: too much waits for the other one already, or there is no connection.
   */
  DROPPED,
  /** The connection broke before there was an answer: it may have arrived, or not. */
  UNANSWERED
}
