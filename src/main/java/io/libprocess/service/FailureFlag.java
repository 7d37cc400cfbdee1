package io.libprocess.service;

/** A property of a failure that retries and metrics need to know; see {@link FlaggedFailure}. */
public enum FailureFlag {
  /**
   * The request may be sent again whatever it asks for, because nothing was done for it. This holds
   * for the next hop only, so a client removes it before the application sees the failure:
   * otherwise a server that has done half of its work would tell its own client to try again.
   * Excludes {@link #NON_RETRYABLE}.
   */
  RETRYABLE,
  /** The request must not be sent again. Excludes {@link #RETRYABLE}. */
  NON_RETRYABLE,
  /** The request was refused, for instance because there are too many. */
  REJECTED,
  /** The request was given up on request, for instance by a discard. */
  INTERRUPTED,
  /** The failure says nothing of the service, and is not counted. */
  IGNORABLE,
  /** The time in which the response would be of use is over. */
  DEADLINE_EXCEEDED
}
