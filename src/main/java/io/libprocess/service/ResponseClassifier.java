package io.libprocess.service;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import java.util.Optional;

/**
 * A partial function that says what outcomes mean, for instance that a response with status 500 is
 * a failure. Its word is advice: metrics, failure accrual and retries ask for it. It runs on any
 * thread, must not block, and should not throw; what it throws counts as no answer.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
@FunctionalInterface
public interface ResponseClassifier<Q, R> {

  /**
   * Says what an outcome means, if this knows it.
   *
   * @param outcome a future that is completed, or abandoned
   */
  Optional<ResponseClass> classify(Q request, Future<R> outcome);

  /** A classifier that knows nothing, so that the rules of {@link #decide} hold. */
  static <Q, R> ResponseClassifier<Q, R> standard() {
    return (request, outcome) -> Optional.empty();
  }

  /** Asks this one first, and another where this knows nothing. */
  default ResponseClassifier<Q, R> orElse(ResponseClassifier<? super Q, R> other) {
    requireNonNull(other, "other");
    return (request, outcome) -> {
      Optional<ResponseClass> known = classify(request, outcome);
      return known.isPresent() ? known : other.classify(request, outcome);
    };
  }

  /**
   * Returns the meaning of an outcome. Where the classifier has no opinion: any value is a success;
   * a failure is ignorable if it has that flag, retryable if it has that one and was not
   * interrupted, and else not retryable. What was discarded is ignorable, because its caller asked
   * for it; what was abandoned is a failure that is not retryable.
   */
  default ResponseClass decide(Q request, Future<R> outcome) {
    Optional<ResponseClass> known;
    try {
      known = classify(request, outcome);
    } catch (Throwable thrown) { // Of the user: an error harms no more than an exception.
      known = Optional.empty();
    }
    return known.orElseGet(() -> ofOutcome(outcome));
  }

  private static ResponseClass ofOutcome(Future<?> outcome) {
    if (outcome.isReady()) {
      return ResponseClass.SUCCESS;
    }
    if (outcome.isDiscarded()) {
      return ResponseClass.IGNORABLE;
    }
    if (!outcome.isFailed()) {
      return ResponseClass.NON_RETRYABLE_FAILURE;
    }
    Throwable failure = outcome.failure();
    if (FlaggedFailure.has(failure, FailureFlag.IGNORABLE)) {
      return ResponseClass.IGNORABLE;
    }
    return FlaggedFailure.has(failure, FailureFlag.RETRYABLE)
            && !FlaggedFailure.has(failure, FailureFlag.INTERRUPTED)
        ? ResponseClass.RETRYABLE_FAILURE
        : ResponseClass.NON_RETRYABLE_FAILURE;
  }
}
