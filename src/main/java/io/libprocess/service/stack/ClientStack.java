package io.libprocess.service.stack;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.metrics.Metrics;
import io.libprocess.runtime.SharedRandom;
import io.libprocess.service.Filter;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.balance.AccrualPolicy;
import io.libprocess.service.balance.LoadMetric;
import io.libprocess.service.balance.PoolSettings;
import io.libprocess.service.filter.RetryBudget;
import io.libprocess.service.filter.RetryPolicy;
import io.libprocess.settings.Check;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Puts a client together, from connections to endpoints up to one service. The parts are, from the
 * outside to the inside: the beginning of a trace, filters of the application, metrics of requests,
 * the total timeout, retries by a policy, backup requests, safe retries, filters of attempts,
 * admission by the refusals of servers, the acquisition timeout, and the balancer; then for each
 * endpoint metrics of attempts, failure accrual, the request timeout, the pool, the limit of
 * pending requests, fail fast, and the life of sessions. So the request timeout is that of one
 * attempt, and counts against its endpoint; the total timeout is that of all; and each attempt
 * chooses an endpoint anew.
 *
 * <p>The defaults are meant for production: no timeouts and no policy, since only the application
 * knows them; safe retries with the standard {@link RetryBudget}; standard failure accrual, fail
 * fast and admission; the less loaded of two endpoints; pools without limits.
 *
 * <p>Not thread-safe, and for one {@link #build}; what it builds is for any thread.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class ClientStack<Q, R> {

  final String name;
  Clock clock = Clock.current();
  RandomGenerator random; // Null: one with a secret seed.
  Metrics metrics; // Null: none.
  ResponseClassifier<Q, R> classifier = ResponseClassifier.standard();
  CheckedConsumer<? super R> dropped = unwanted -> {};
  CheckedBiFunction<? super R, Runnable, ? extends R> hold; // Null: none.
  Filter<Q, R, Q, R> outermost = Filter.identity();
  Filter<Q, R, Q, R> attempts = Filter.identity();

  // Null stands for no limit.
  Duration totalTimeout;
  Duration requestTimeout;
  Duration acquisitionTimeout;
  Duration sessionLife;

  RetryBudget budget; // Null: the standard one.
  RetryPolicy<Q, R> policy; // Null: none.
  int tries = 1; // By the standard policy.
  Predicate<? super Q> repeatable = request -> true;
  double backupLoad; // 0: none.
  int acquisitionAttempts = 25;
  boolean nackAdmission = true;
  boolean failFast = true;
  Supplier<AccrualPolicy> accrual; // Null: the standard one.
  boolean accrues = true;
  LoadMetric loadMetric = LoadMetric.LEAST_LOADED;
  PoolSettings pool = PoolSettings.defaults();
  int pendingLimit; // 0: none.
  double traced = -1; // Which part is recorded; negative: no traces begin here.

  private ClientStack(String name) {
    this.name = requireNonNull(name, "name");
  }

  /**
   * Begins with the defaults.
   *
   * @param name what the client is for, in its metrics: {@code client/<name>/requests} and so on,
   *     and {@code client/<name>/attempts/requests} of attempts
   */
  public static <Q, R> ClientStack<Q, R> named(String name) {
    return new ClientStack<>(name);
  }

  /* ------ What it goes by ------ */

  /** Sets the clock; that of the calling thread if none is set. */
  public ClientStack<Q, R> clock(Clock clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Sets the random numbers; by default they come from a generator with a secret seed.
   *
   * @param random for several threads
   */
  public ClientStack<Q, R> random(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
    return this;
  }

  /** Sets where metrics are added; there are none if it is not set. */
  public ClientStack<Q, R> metrics(Metrics metrics) {
    this.metrics = requireNonNull(metrics, "metrics");
    return this;
  }

  /**
   * Has a trace begin with each request that belongs to none, so that all its attempts are in it:
   * see {@link io.libprocess.service.filter.TraceStart}.
   *
   * @param sampling which part of them is recorded, from 0 to 1
   * @throws IllegalArgumentException if it is not within 0 to 1
   */
  public ClientStack<Q, R> traces(double sampling) {
    traced = Check.inRange("sampling", sampling, 0.0, 1.0);
    return this;
  }

  /** Sets what knows which outcomes are failures. */
  public ClientStack<Q, R> classifier(ResponseClassifier<Q, R> classifier) {
    this.classifier = requireNonNull(classifier, "classifier");
    return this;
  }

  /** Sets a function that releases responses that are dropped, such as late ones. */
  public ClientStack<Q, R> dropped(CheckedConsumer<? super R> dropped) {
    this.dropped = requireNonNull(dropped, "dropped");
    return this;
  }

  /** Sets what says when a response is over: see {@link ServiceFactory#perRequest}. */
  public ClientStack<Q, R> hold(CheckedBiFunction<? super R, Runnable, ? extends R> hold) {
    this.hold = requireNonNull(hold, "hold");
    return this;
  }

  /** Adds a filter outside of all others, behind those that were added before. */
  public ClientStack<Q, R> filter(Filter<Q, R, Q, R> filter) {
    outermost = outermost.andThen(requireNonNull(filter, "filter"));
    return this;
  }

  /** Adds a filter that each attempt passes, behind those that were added before. */
  public ClientStack<Q, R> attemptFilter(Filter<Q, R, Q, R> filter) {
    attempts = attempts.andThen(requireNonNull(filter, "filter"));
    return this;
  }

  /* ------ Time ------ */

  /** Limits the time of a request with all attempts. */
  public ClientStack<Q, R> totalTimeout(Duration limit) {
    totalTimeout = Check.positive("totalTimeout", limit);
    return this;
  }

  /** Limits the time of each attempt, from the moment at which it has a session. */
  public ClientStack<Q, R> requestTimeout(Duration limit) {
    requestTimeout = Check.positive("requestTimeout", limit);
    return this;
  }

  /** Limits the time of getting a session. */
  public ClientStack<Q, R> acquisitionTimeout(Duration limit) {
    acquisitionTimeout = Check.positive("acquisitionTimeout", limit);
    return this;
  }

  /** Limits how old a session may be when it is used. */
  public ClientStack<Q, R> sessionLife(Duration limit) {
    sessionLife = Check.positive("sessionLife", limit);
    return this;
  }

  /* ------ Retries ------ */

  /** Sets the budget of all retries. */
  public ClientStack<Q, R> retryBudget(RetryBudget budget) {
    this.budget = requireNonNull(budget, "budget");
    return this;
  }

  /** Has requests sent again that are {@linkplain #repeatable repeatable}, by a policy. */
  public ClientStack<Q, R> retries(RetryPolicy<Q, R> policy) {
    this.policy = requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Has requests sent again that are {@linkplain #repeatable repeatable}, so often altogether: see
   * {@link RetryPolicy#tries}.
   *
   * @throws IllegalArgumentException if the number is less than 1
   */
  public ClientStack<Q, R> tries(int attempts) {
    tries = Check.atLeast("attempts", attempts, 1);
    return this;
  }

  /** Sets which requests may be served and sent twice; all, if it is not set. */
  public ClientStack<Q, R> repeatable(Predicate<? super Q> repeatable) {
    this.repeatable = requireNonNull(repeatable, "repeatable");
    return this;
  }

  /**
   * Has requests that are {@linkplain #repeatable repeatable} sent twice when the answer takes
   * long: see {@link io.libprocess.service.filter.BackupRequests}.
   */
  public ClientStack<Q, R> backupRequests(double maxExtraLoad) {
    backupLoad = maxExtraLoad;
    return this;
  }

  /**
   * Sets how often it is tried to get a session for one attempt; 25 times if it is not set.
   *
   * @throws IllegalArgumentException if the number is less than 1
   */
  public ClientStack<Q, R> acquisitionAttempts(int attempts) {
    acquisitionAttempts = Check.atLeast("attempts", attempts, 1);
    return this;
  }

  /* ------ Endpoints ------ */

  /** Has everything sent, however much servers refuse. */
  public ClientStack<Q, R> withoutNackAdmission() {
    nackAdmission = false;
    return this;
  }

  /** Does not take endpoints for down to which there was no connection. */
  public ClientStack<Q, R> withoutFailFast() {
    failFast = false;
    return this;
  }

  /** Does not avoid endpoints whose requests fail. */
  public ClientStack<Q, R> withoutFailureAccrual() {
    accrues = false;
    return this;
  }

  /**
   * Sets when endpoints are avoided.
   *
   * @param policies makes the policy of one endpoint
   */
  public ClientStack<Q, R> failureAccrual(Supplier<AccrualPolicy> policies) {
    accrual = requireNonNull(policies, "policies");
    return this;
  }

  /** Sets what is taken for the load of an endpoint. */
  public ClientStack<Q, R> loadMetric(LoadMetric metric) {
    loadMetric = requireNonNull(metric, "metric");
    return this;
  }

  /** Sets how many sessions each endpoint has. */
  public ClientStack<Q, R> pool(PoolSettings settings) {
    pool = requireNonNull(settings, "settings");
    return this;
  }

  /**
   * Limits how many requests a session has at a time.
   *
   * @throws IllegalArgumentException if the number is less than 1
   */
  public ClientStack<Q, R> pendingLimit(int most) {
    pendingLimit = Check.atLeast("most", most, 1);
    return this;
  }

  /* ------ The end ------ */

  /**
   * Puts the client together.
   *
   * @param sessions makes what gives sessions with an endpoint
   * @param endpoints may be changed later: {@link ServiceClient#update}
   * @param <K> what tells endpoints apart, such as their addresses
   */
  public <K> ServiceClient<K, Q, R> build(
      Function<? super K, ServiceFactory<Q, R>> sessions, Collection<? extends K> endpoints) {
    if (random == null) {
      random = SharedRandom.unseeded();
    }
    if (budget == null) {
      budget = RetryBudget.standard(clock);
    }
    if (policy == null && tries > 1) {
      policy = RetryPolicy.tries(tries, classifier, random);
    }
    return new ClientAssembly<>(this).client(sessions, endpoints);
  }
}
