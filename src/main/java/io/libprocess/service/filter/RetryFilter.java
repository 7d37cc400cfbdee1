package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.Filter;
import io.libprocess.service.Service;
import io.libprocess.service.support.Steps;
import io.libprocess.time.Clock;
import java.util.Optional;

/**
 * Sends a request again as a {@link RetryPolicy} says, as far as a {@link RetryBudget} allows. A
 * failure that is flagged {@link FailureFlag#NON_RETRYABLE} or {@link FailureFlag#INTERRUPTED} is
 * passed on whatever the policy says, and so is everything once the response was discarded, which
 * also ends a wait. Where the budget is empty, the failure is flagged as not to be retried.
 *
 * <p>Only for requests that do no harm if they are served twice, and can be sent twice.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class RetryFilter<Q, R> implements Filter<Q, R, Q, R> {

  private final RetryPolicy<Q, R> policy;
  private final RetryBudget budget;
  private final Clock clock;
  private final CheckedConsumer<? super R> dropped;

  /** Makes a filter, which counts requests in the budget. */
  public RetryFilter(RetryPolicy<Q, R> policy, RetryBudget budget, Clock clock) {
    this(policy, budget, clock, unwanted -> {});
  }

  /**
   * Makes a filter for responses that have to be released.
   *
   * @param dropped releases a response in place of which the request is sent again
   */
  public RetryFilter(
      RetryPolicy<Q, R> policy,
      RetryBudget budget,
      Clock clock,
      CheckedConsumer<? super R> dropped) {
    this.policy = requireNonNull(policy, "policy");
    this.budget = requireNonNull(budget, "budget");
    this.clock = requireNonNull(clock, "clock");
    this.dropped = requireNonNull(dropped, "dropped");
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    budget.deposit();
    return new Attempts(request, service).begin();
  }

  /** The attempts of one request. */
  private final class Attempts {

    private final Q request;
    private final Service<Q, R> service;
    private final Steps<R> steps = new Steps<>(dropped);

    Attempts(Q request, Service<Q, R> service) {
      this.request = request;
      this.service = service;
    }

    Future<R> begin() {
      attempt(policy, 0);
      return steps.future();
    }

    private void attempt(RetryPolicy<Q, R> decider, int number) {
      Future<R> response = AttemptNumber.call(number, () -> service.call(request));
      steps.enter(response, outcome -> decide(outcome, decider, number));
    }

    private void decide(Future<R> outcome, RetryPolicy<Q, R> decider, int number) throws Exception {
      Optional<RetryPolicy.Retry<Q, R>> retry =
          steps.isDiscardRequested() || Retryability.isExcluded(outcome)
              ? Optional.empty()
              : decider.decide(request, outcome);
      if (retry.isEmpty()) {
        steps.end(outcome);
      } else if (!budget.tryWithdraw()) {
        steps.end(Retryability.exhausted(outcome));
      } else {
        if (outcome.isReady()) {
          Steps.drop(outcome.get(), dropped);
        }
        retry(retry.get(), number + 1);
      }
    }

    private void retry(RetryPolicy.Retry<Q, R> retry, int number) {
      if (retry.delay().isZero()) {
        attempt(retry.next(), number);
      } else {
        steps.enter(
            Steps.delay(clock, retry.delay()),
            waited -> {
              if (waited.isReady()) {
                attempt(retry.next(), number);
              } else {
                steps.discard();
              }
            });
      }
    }
  }
}
