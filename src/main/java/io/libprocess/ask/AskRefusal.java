package io.libprocess.ask;

/** The reason for which a question did not reach a process of this node. */
public enum AskRefusal {
  /** There is no such process. */
  NO_PROCESS,
  /** Its mailbox is full. */
  MAILBOX_FULL
}
