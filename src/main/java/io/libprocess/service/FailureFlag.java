package io.libprocess.service;

/**
 * What a failure says of itself to those who may try again or count it; see {@link FlaggedFailure}.
 */
public enum FailureFlag {
  /**
   * The request may be sent again, whatever it asks for: nothing was done. This holds for the next
   * hop only, so a client takes it off before it shows the failure to the application: else a
   * server that has done half of its work would tell its own client to try again. Excludes {@link
   * #NON_RETRYABLE}.
   */
  RETRYABLE,
  /** The request must not be sent again. Excludes {@link #RETRYABLE}. */
  NON_RETRYABLE,
  /** The request was refused, for instance because there are too many. */
  REJECTED,
  /** The request was given up because somebody asked for that. */
  INTERRUPTED,
  /** The failure says nothing of the service, and is not counted. */
  IGNORABLE,
  /** The time in which the response would be of use is over. */
  DEADLINE_EXCEEDED
}
