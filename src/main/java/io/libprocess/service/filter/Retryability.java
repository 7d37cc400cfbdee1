package io.libprocess.service.filter;

import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;

/** Reads from the flags of a failure whether another attempt is allowed. */
final class Retryability {

  private Retryability() {}

  /** Whether there must not be another attempt, whatever anybody says. */
  static boolean isExcluded(Future<?> outcome) {
    return outcome.isDiscarded()
        || outcome.isFailed()
            && (FlaggedFailure.has(outcome.failure(), FailureFlag.NON_RETRYABLE)
                || FlaggedFailure.has(outcome.failure(), FailureFlag.INTERRUPTED));
  }

  /** Whether nothing was done, so that any request may be sent again. */
  static boolean isSafe(Future<?> outcome) {
    return outcome.isFailed()
        && FlaggedFailure.has(outcome.failure(), FailureFlag.RETRYABLE)
        && !isExcluded(outcome);
  }

  /** An outcome after which there are no more attempts; of a failure, others are told so. */
  static <R> Future<R> exhausted(Future<R> outcome) {
    return outcome.isFailed()
        ? Future.failed(FlaggedFailure.with(outcome.failure(), FailureFlag.NON_RETRYABLE))
        : outcome;
  }
}
