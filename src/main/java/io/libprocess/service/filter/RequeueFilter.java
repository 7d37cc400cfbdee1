package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.context.Context;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.service.Filter;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.support.Steps;

/**
 * Sends a request again at once if it is known that nothing was done for it: its failure is flagged
 * {@link io.libprocess.service.FailureFlag#RETRYABLE}. It does so while the service is open, as far
 * as a {@link RetryBudget} allows, and at most for a fifth of what that allows at the first
 * failure. Where that is exhausted, the failure is flagged as not to be retried.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class RequeueFilter<Q, R> implements Filter<Q, R, Q, R> {

  private static final double SHARE_OF_BALANCE = 0.2;

  private final RetryBudget budget;
  private final boolean deposits;
  private final CheckedConsumer<? super R> dropped;

  /**
   * Makes a filter.
   *
   * @param deposits whether it counts requests in the budget, which then are those that succeed.
   *     Only one of the filters that share a budget may
   */
  public RequeueFilter(RetryBudget budget, boolean deposits) {
    this(budget, deposits, unwanted -> {});
  }

  /**
   * Makes a filter for responses that have to be released.
   *
   * @param dropped releases a response that comes after a discard
   */
  public RequeueFilter(RetryBudget budget, boolean deposits, CheckedConsumer<? super R> dropped) {
    this.budget = requireNonNull(budget, "budget");
    this.deposits = deposits;
    this.dropped = requireNonNull(dropped, "dropped");
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    Future<R> first = service.call(request);
    if (first.isReady()) {
      succeeded();
      return first;
    }
    Attempts attempts = new Attempts(request, service);
    attempts.await(first);
    return attempts.steps.future();
  }

  private void succeeded() {
    if (deposits) {
      budget.deposit();
    }
  }

  /** The attempts of one request. Their steps follow each other, so its fields need no lock. */
  private final class Attempts {

    private final Q request;
    private final int sentBefore; // By a filter outside of this one.
    private final Service<Q, R> service;
    private final Steps<R> steps = new Steps<>(dropped);
    private long left = -1; // Unknown before the first failure.
    private int number;

    Attempts(Q request, Service<Q, R> service) {
      this.request = request;
      this.service = service;
      this.sentBefore = AttemptNumber.ofSending(Context.current());
    }

    void await(Future<R> response) {
      steps.enter(response, this::decide);
    }

    private void decide(Future<R> outcome) {
      if (outcome.isReady()) {
        succeeded();
      }
      if (!Retryability.isSafe(outcome)
          || steps.isDiscardRequested()
          || ServiceStatus.of(service) != ServiceStatus.OPEN) {
        steps.end(outcome);
        return;
      }
      if (left < 0) {
        left = (long) Math.ceil(budget.balance() * SHARE_OF_BALANCE);
      }
      if (left-- <= 0 || !budget.tryWithdraw()) {
        steps.end(Retryability.exhausted(outcome));
        return;
      }
      number++;
      await(AttemptNumber.call(sentBefore + number, () -> service.call(request)));
    }
  }
}
