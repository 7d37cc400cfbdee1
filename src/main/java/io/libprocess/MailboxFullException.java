package io.libprocess;

/**
 * Why a call failed: its process has a {@linkplain Process#mailboxLimit limited} mailbox, and that
 * was full. It has no stack trace.
 */
public final class MailboxFullException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MailboxFullException(UPID process, int limit) {
    super("the mailbox of " + process + " is full: limit " + limit, null, false, false);
  }
}
