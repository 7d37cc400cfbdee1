package io.libprocess;

/**
 * The failure of a call to a process whose {@linkplain Process#mailboxLimit limited} mailbox was
 * full. It has no stack trace.
 */
public final class MailboxFullException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MailboxFullException(UPID process, int limit) {
    super("the mailbox of " + process + " is full: limit " + limit, null, false, false);
  }
}
