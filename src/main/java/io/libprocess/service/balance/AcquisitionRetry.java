package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.filter.RetryBudget;
import io.libprocess.service.support.Steps;
import io.libprocess.settings.Check;
import java.time.Duration;

/**
 * Tries again at once to get a session where that has failed: since nothing was sent, this is safe
 * for any request, and a {@link Balancer} will try another endpoint. It does so while the factory
 * is open, a {@link RetryBudget} allows it, and there were not too many attempts; in the last two
 * cases the failure is flagged as not to be retried.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class AcquisitionRetry<Q, R> extends ForwardingFactory<Q, R> {

  private final int attempts;
  private final RetryBudget budget;

  /**
   * Tries again to get what a factory makes.
   *
   * @param attempts with the first one; at least 1
   * @throws IllegalArgumentException if there is none
   */
  public AcquisitionRetry(ServiceFactory<Q, R> factory, int attempts, RetryBudget budget) {
    super(factory);
    this.attempts = Check.atLeast("attempts", attempts, 1);
    this.budget = requireNonNull(budget, "budget");
  }

  @Override
  public Future<Service<Q, R>> make() {
    Future<Service<Q, R>> first = factory.acquire();
    if (first.isReady()) {
      return first;
    }
    Steps<Service<Q, R>> steps = new Steps<>(unwanted -> unwanted.close(Duration.ZERO));
    await(first, attempts - 1, steps);
    return steps.future();
  }

  private void await(Future<Service<Q, R>> session, int left, Steps<Service<Q, R>> steps) {
    steps.enter(session, done -> decide(done, left, steps));
  }

  private void decide(Future<Service<Q, R>> done, int left, Steps<Service<Q, R>> steps) {
    boolean isLast =
        !done.isFailed()
            || steps.isDiscardRequested()
            || FlaggedFailure.has(done.failure(), FailureFlag.NON_RETRYABLE)
            || FlaggedFailure.has(done.failure(), FailureFlag.INTERRUPTED)
            || ServiceStatus.of(factory) != ServiceStatus.OPEN;
    if (isLast) {
      steps.end(done);
    } else if (left == 0 || !budget.tryWithdraw()) {
      steps.fail(FlaggedFailure.with(done.failure(), FailureFlag.NON_RETRYABLE));
    } else {
      await(factory.acquire(), left - 1, steps);
    }
  }
}
