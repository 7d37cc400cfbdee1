package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.service.ResponseClass;
import io.libprocess.service.ResponseClassifier;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Says whether a request is sent again after an outcome, and when. A policy is immutable: what it
 * has said is in the one that takes its place for the next attempt.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
@FunctionalInterface
public interface RetryPolicy<Q, R> {

  /**
   * Another attempt.
   *
   * @param delay how long to wait before it; zero is not at all
   * @param next decides after it
   */
  record Retry<Q, R>(Duration delay, RetryPolicy<Q, R> next) {}

  /**
   * Decides after an attempt; empty: its outcome is the response.
   *
   * @param outcome a future that is completed, or abandoned
   * @throws Exception which makes the request fail
   */
  Optional<Retry<Q, R>> decide(Q request, Future<R> outcome) throws Exception;

  /** Never tries again. */
  static <Q, R> RetryPolicy<Q, R> none() {
    return (request, outcome) -> Optional.empty();
  }

  /** Tries again where a function says so, for as long as a sequence of waiting times goes on. */
  static <Q, R> RetryPolicy<Q, R> withBackoff(
      Backoff backoff, CheckedBiFunction<? super Q, ? super Future<R>, Boolean> condition) {
    requireNonNull(backoff, "backoff");
    requireNonNull(condition, "condition");
    return (request, outcome) -> {
      if (!condition.apply(request, outcome)) {
        return Optional.empty();
      }
      return backoff
          .step()
          .map(step -> new Retry<>(step.delay(), withBackoff(step.next(), condition)));
    };
  }

  /**
   * Sends a request so many times at most, while its outcome is a failure that may be retried, with
   * waiting times between 5 and 200 ms that are drawn at random and grow.
   *
   * @param attempts with the first one; at least 1
   * @param classifier knows which failures may be retried
   * @param random for several threads
   * @throws IllegalArgumentException if there is no attempt
   */
  static <Q, R> RetryPolicy<Q, R> tries(
      int attempts, ResponseClassifier<Q, R> classifier, RandomGenerator random) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts < 1: " + attempts);
    }
    requireNonNull(classifier, "classifier");
    Backoff backoff =
        Backoff.decorrelated(Duration.ofMillis(5), Duration.ofMillis(200), random)
            .take(attempts - 1);
    return withBackoff(
        backoff,
        (request, outcome) ->
            classifier.decide(request, outcome) == ResponseClass.RETRYABLE_FAILURE);
  }
}
