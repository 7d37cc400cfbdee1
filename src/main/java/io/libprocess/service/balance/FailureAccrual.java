package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.internal.Saturating;
import io.libprocess.internal.StackReserve;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.ResponseClass;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.support.Closing;
import io.libprocess.service.support.Steps;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * A circuit breaker for one endpoint, driven by its requests: when an {@link AccrualPolicy} decides
 * so, the endpoint is busy for some time. Then it appears open until one request, the probe, is
 * under way, whose outcome decides. A failure to get a session counts as one of a request.
 *
 * <p>It fails open: a request that comes anyway is sent.
 *
 * <h2>Protocol</h2>
 *
 * <p>{@code ALIVE} becomes {@code DEAD} by a failure after which the policy says so; {@code DEAD}
 * becomes {@code PROBE_OPEN} by time, which is noticed at the next look at the state; {@code
 * PROBE_OPEN} becomes {@code PROBE_CLOSED} as soon as a session is acquired. Only the first outcome
 * of that session's requests leads on from there: success to {@code ALIVE}, failure to {@code
 * DEAD}, anything else, also that there was no request, back to {@code PROBE_OPEN}. Outcomes of
 * other requests count in {@code ALIVE} only. The lock guards the state and the policy; the status
 * is read without it.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class FailureAccrual<Q, R> implements ServiceFactory<Q, R> {

  private enum State {
    ALIVE,
    DEAD,
    PROBE_OPEN,
    PROBE_CLOSED
  }

  private final ServiceFactory<Q, R> factory;
  private final AccrualPolicy policy;
  private final ResponseClassifier<Q, R> classifier;
  private final Clock clock;
  private final Object lock = new Object();

  // Written under the lock; first the time, then the state that it belongs to.
  private volatile long deadUntil;
  private volatile State state = State.ALIVE;

  /**
   * Watches an endpoint.
   *
   * @param policy of this endpoint alone
   * @param classifier knows failures
   */
  public FailureAccrual(
      ServiceFactory<Q, R> factory,
      AccrualPolicy policy,
      ResponseClassifier<Q, R> classifier,
      Clock clock) {
    this.factory = requireNonNull(factory, "factory");
    this.policy = requireNonNull(policy, "policy");
    this.classifier = requireNonNull(classifier, "classifier");
    this.clock = requireNonNull(clock, "clock");
  }

  @Override
  public Future<Service<Q, R>> make() {
    StackReserve.checkForOperation(); // A probe that is begun is ended.
    boolean probe = state != State.ALIVE && beginProbe();
    try {
      return acquire(probe);
    } catch (Throwable thrown) { // Such as for a lack of memory.
      record(ResponseClass.IGNORABLE, probe);
      throw thrown;
    }
  }

  private Future<Service<Q, R>> acquire(boolean probe) {
    Future<Service<Q, R>> session = factory.acquire();
    if (session.isReady() && !session.hasDiscard()) {
      return Future.of(new WatchedSession<>(session.get(), this, probe));
    }
    Steps<Service<Q, R>> steps = new Steps<>(unwanted -> unwanted.close(Duration.ZERO));
    steps.enter(
        session,
        done -> {
          if (done.isReady()) {
            steps.end(Future.of(new WatchedSession<>(done.get(), this, probe)));
          } else {
            record(ofAcquisition(done), probe);
            steps.endWithoutValue(done);
          }
        });
    return steps.future();
  }

  private static ResponseClass ofAcquisition(Future<?> outcome) {
    boolean ignored =
        outcome.isDiscarded()
            || outcome.isFailed() && FlaggedFailure.has(outcome.failure(), FailureFlag.IGNORABLE);
    return ignored ? ResponseClass.IGNORABLE : ResponseClass.NON_RETRYABLE_FAILURE;
  }

  ResponseClass meaning(Q request, Future<R> outcome) {
    return classifier.decide(request, outcome);
  }

  private boolean beginProbe() {
    synchronized (lock) {
      if (isDeadTimeOver() || state == State.PROBE_OPEN) {
        state = State.PROBE_CLOSED;
        return true;
      }
      return false;
    }
  }

  private boolean isDeadTimeOver() {
    return state == State.DEAD && clock.nanoTime() - deadUntil >= 0;
  }

  /** Notes what has become of a request, or of a session without one. */
  void record(ResponseClass meaning, boolean probe) {
    synchronized (lock) {
      if (probe) {
        recordProbe(meaning);
      } else if (state == State.ALIVE) {
        if (meaning == ResponseClass.SUCCESS) {
          policy.succeeded();
        } else if (meaning.isFailure()) {
          Optional<Duration> dead = policy.failed();
          dead.ifPresent(this::die);
        }
      }
    }
  }

  /** A policy that throws must not leave the endpoint without a probe. */
  private void recordProbe(ResponseClass meaning) {
    state = meaning == ResponseClass.SUCCESS ? State.ALIVE : State.PROBE_OPEN;
    if (meaning == ResponseClass.SUCCESS) {
      policy.revived();
    } else if (meaning.isFailure()) {
      die(policy.probeFailed());
    }
  }

  private void die(Duration time) {
    long now = clock.nanoTime();
    deadUntil = now + Math.min(Saturating.nanos(time), Long.MAX_VALUE / 2);
    state = State.DEAD;
  }

  /** Busy while the endpoint is left alone or probed; else what it says itself. */
  @Override
  public ServiceStatus status() {
    State now = state;
    boolean open =
        now == State.ALIVE
            || now == State.PROBE_OPEN
            || now == State.DEAD && clock.nanoTime() - deadUntil >= 0;
    return open ? factory.status() : ServiceStatus.BUSY.worse(factory.status());
  }

  @Override
  public Future<Void> close(Duration limit) {
    return Closing.of(() -> factory.close(limit));
  }
}
