package io.libprocess.service;

/** The meaning of a request's outcome to metrics, retries and failure accrual. */
public enum ResponseClass {
  /** It did what was asked for. */
  SUCCESS,
  /** It failed, and the same request may succeed if it is sent again. */
  RETRYABLE_FAILURE,
  /** It failed, and must or need not be sent again. */
  NON_RETRYABLE_FAILURE,
  /** It says nothing of the service: it counts neither as success nor as failure. */
  IGNORABLE;

  /** Whether it is one of the two kinds of failure. */
  public boolean isFailure() {
    return this == RETRYABLE_FAILURE || this == NON_RETRYABLE_FAILURE;
  }
}
