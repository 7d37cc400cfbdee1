package io.libprocess.service.stack;

import io.libprocess.service.Filter;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.balance.AccrualPolicy;
import io.libprocess.service.balance.AcquisitionRetry;
import io.libprocess.service.balance.AcquisitionTimeout;
import io.libprocess.service.balance.Balancer;
import io.libprocess.service.balance.FailFast;
import io.libprocess.service.balance.FailureAccrual;
import io.libprocess.service.balance.PendingLimit;
import io.libprocess.service.balance.Pool;
import io.libprocess.service.balance.SessionLife;
import io.libprocess.service.filter.AttemptNumber;
import io.libprocess.service.filter.BackupRequests;
import io.libprocess.service.filter.MetricsFilter;
import io.libprocess.service.filter.NackAdmission;
import io.libprocess.service.filter.RequeueFilter;
import io.libprocess.service.filter.RetryFilter;
import io.libprocess.service.filter.StripRetryable;
import io.libprocess.service.filter.TimeoutFilter;
import io.libprocess.service.filter.TraceStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Puts the parts of a {@link ClientStack} into their order. */
final class ClientAssembly<Q, R> {

  private final ClientStack<Q, R> stack;
  private final List<MetricsFilter<Q, R>> metrics = new ArrayList<>();

  ClientAssembly(ClientStack<Q, R> stack) {
    this.stack = stack;
  }

  <K> ServiceClient<K, Q, R> client(
      Function<? super K, ServiceFactory<Q, R>> sessions, Collection<? extends K> endpoints) {
    Filter<Q, R, Q, R> logicalMetrics = metrics("client/" + stack.name);
    Filter<Q, R, Q, R> attemptMetrics = metrics("client/" + stack.name + "/attempts");
    OtherEndpoints others = new OtherEndpoints();
    Balancer<K, Q, R> balancer =
        new Balancer<>(
            key -> endpoint(sessions.apply(key), attemptMetrics, others),
            stack.loadMetric,
            stack.clock,
            stack.random);
    others.balancer = balancer;
    try {
      balancer.update(endpoints, Duration.ZERO);
    } catch (Throwable thrown) { // Of the function that makes sessions.
      metrics.forEach(MetricsFilter::close);
      throw thrown;
    }
    Service<Q, R> service =
        traces()
            .andThen(AttemptNumber.<Q, R>fresh())
            .andThen(stack.outermost)
            .andThen(new StripRetryable<>())
            .andThen(logicalMetrics)
            .andThen(timeout(stack.totalTimeout))
            .andThen(retries(attempt(balancer)));
    return new ServiceClient<>(service, balancer, List.copyOf(metrics));
  }

  /** Whether there is more than one endpoint. */
  private static final class OtherEndpoints implements BooleanSupplier {

    private volatile Balancer<?, ?, ?> balancer; // Null only until it is made.

    @Override
    public boolean getAsBoolean() {
      Balancer<?, ?, ?> known = balancer;
      return known != null && known.size() > 1;
    }
  }

  private Filter<Q, R, Q, R> metrics(String prefix) {
    if (stack.metrics == null) {
      return Filter.identity();
    }
    MetricsFilter<Q, R> filter =
        new MetricsFilter<>(stack.metrics, prefix, stack.classifier, stack.clock);
    metrics.add(filter);
    return filter;
  }

  private Filter<Q, R, Q, R> traces() {
    return stack.traced < 0 ? Filter.identity() : new TraceStart<>(stack.traced, stack.random);
  }

  private Filter<Q, R, Q, R> timeout(Duration limit) {
    return limit == null
        ? Filter.identity()
        : new TimeoutFilter<>(limit, stack.clock, stack.dropped);
  }

  /** Requests that may be sent twice take another way than those that may not. */
  private Service<Q, R> retries(Service<Q, R> attempt) {
    Service<Q, R> safe =
        new RequeueFilter<Q, R>(stack.budget, true, stack.dropped).andThen(attempt);
    if (stack.policy == null && stack.backupLoad == 0) {
      return safe;
    }
    boolean requeueDeposits = stack.policy == null;
    Service<Q, R> repeating =
        policyRetries()
            .andThen(backups())
            .andThen(new RequeueFilter<>(stack.budget, requeueDeposits, stack.dropped))
            .andThen(attempt);
    Filter<Q, R, Q, R> choice =
        (request, otherwise) ->
            stack.repeatable.test(request) ? repeating.call(request) : otherwise.call(request);
    return choice.andThen(safe);
  }

  private Filter<Q, R, Q, R> policyRetries() {
    return stack.policy == null
        ? Filter.identity()
        : new RetryFilter<>(stack.policy, stack.budget, stack.clock, stack.dropped);
  }

  private Filter<Q, R, Q, R> backups() {
    return stack.backupLoad == 0
        ? Filter.identity()
        : new BackupRequests<>(
            stack.backupLoad, stack.budget, stack.classifier, stack.clock, stack.dropped);
  }

  private Service<Q, R> attempt(ServiceFactory<Q, R> balancer) {
    ServiceFactory<Q, R> timed =
        stack.acquisitionTimeout == null
            ? balancer
            : new AcquisitionTimeout<>(balancer, stack.acquisitionTimeout, stack.clock);
    ServiceFactory<Q, R> acquired =
        new AcquisitionRetry<>(timed, stack.acquisitionAttempts, stack.budget);
    Service<Q, R> sent =
        stack.hold == null ? acquired.perRequest() : acquired.perRequest(stack.hold);
    Filter<Q, R, Q, R> admission =
        stack.nackAdmission ? new NackAdmission<>(stack.clock, stack.random) : Filter.identity();
    return stack.attempts.andThen(admission).andThen(sent);
  }

  private ServiceFactory<Q, R> endpoint(
      ServiceFactory<Q, R> sessions, Filter<Q, R, Q, R> attemptMetrics, BooleanSupplier others) {
    ServiceFactory<Q, R> factory = sessions;
    if (stack.sessionLife != null) {
      factory = new SessionLife<>(factory, stack.sessionLife, stack.clock);
    }
    if (stack.failFast) {
      factory = new FailFast<>(factory, others, FailFast.standardTimes(stack.random), stack.clock);
    }
    if (stack.pendingLimit > 0) {
      factory = new PendingLimit<>(factory, stack.pendingLimit);
    }
    factory = new Pool<>(factory, stack.pool, stack.clock);
    if (stack.requestTimeout != null) {
      factory = factory.filtered(timeout(stack.requestTimeout));
    }
    if (stack.accrues) {
      AccrualPolicy policy =
          stack.accrual == null
              ? AccrualPolicy.standard(stack.clock, stack.random)
              : stack.accrual.get();
      factory = new FailureAccrual<>(factory, policy, stack.classifier, stack.clock);
    }
    return stack.metrics == null ? factory : factory.filtered(attemptMetrics);
  }
}
