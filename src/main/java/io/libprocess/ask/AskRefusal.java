package io.libprocess.ask;

/** Why a process of this node has not got a question. */
public enum AskRefusal {
  /** There is no such process. */
  NO_PROCESS,
  /** Its mailbox is full. */
  MAILBOX_FULL
}
