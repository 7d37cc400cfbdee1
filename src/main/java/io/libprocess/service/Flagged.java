package io.libprocess.service;

import java.util.Set;

/**
 * A throwable of a type of its own that has {@link FailureFlag}s by itself, as {@link
 * FlaggedFailure#has} and all filters see them. Others are given flags by {@link
 * FlaggedFailure#with}.
 */
public interface Flagged {

  /** The flags, which never change; not both of RETRYABLE and NON_RETRYABLE. */
  Set<FailureFlag> flags();
}
