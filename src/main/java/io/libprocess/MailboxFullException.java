package io.libprocess;

import io.libprocess.service.FailureFlag;
import io.libprocess.service.Flagged;
import java.util.Set;

/**
 * The failure of a call to a process whose {@linkplain Process#mailboxLimit limited} mailbox was
 * full. It has no stack trace.
 *
 * <p>It is {@link FailureFlag#REJECTED}: a request whose handler fails with it is answered with 503
 * and {@code Retry-After}. It is not {@link FailureFlag#RETRYABLE}, because the caller may have
 * done something before; one that has not can say so by {@link
 * io.libprocess.service.FlaggedFailure#with}.
 */
public final class MailboxFullException extends RuntimeException implements Flagged {

  private static final long serialVersionUID = 1L;

  MailboxFullException(UPID process, int limit) {
    super("the mailbox of " + process + " is full: limit " + limit, null, false, false);
  }

  @Override
  public Set<FailureFlag> flags() {
    return Set.of(FailureFlag.REJECTED);
  }
}
