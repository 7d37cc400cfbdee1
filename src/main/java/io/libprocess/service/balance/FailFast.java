package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Reason;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.filter.Backoff;
import io.libprocess.service.support.Closing;
import io.libprocess.service.support.Ending;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Marks an endpoint as down when connecting to it has failed: then requests for a session fail at
 * once, with that failure as the cause, while a background prober tries to connect. Its first
 * success ends this, as does any other connection that is made meanwhile.
 *
 * <p>It fails closed, so it works only while there are other endpoints.
 *
 * <p>The lock guards the fields that say so; sessions are made and closed without it.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class FailFast<Q, R> implements ServiceFactory<Q, R> {

  private static final int JITTERED_ATTEMPTS = 16;

  private final ServiceFactory<Q, R> factory;
  private final BooleanSupplier hasOthers;
  private final Backoff times;
  private final Clock clock;

  private volatile Throwable down; // Why; null: it is not. Written under the lock.

  // Guarded by this.
  private Timer timer; // To the next attempt; null if there is none.
  private Future<?> attempt = Future.done();
  private boolean closed;

  /**
   * Watches an endpoint.
   *
   * @param factory connects
   * @param hasOthers whether there are other endpoints
   * @param times between attempts of the prober; when they are used up, the endpoint counts as up
   *     again
   */
  public FailFast(
      ServiceFactory<Q, R> factory, BooleanSupplier hasOthers, Backoff times, Clock clock) {
    this.factory = requireNonNull(factory, "factory");
    this.hasOthers = requireNonNull(hasOthers, "hasOthers");
    this.times = requireNonNull(times, "times");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * The usual times between attempts: drawn from 1 s to 32 s, which grow, and then 32 s.
   *
   * @param random for several threads
   */
  public static Backoff standardTimes(RandomGenerator random) {
    Duration most = Duration.ofSeconds(32);
    return Backoff.exponentialJittered(Duration.ofSeconds(1), most, random)
        .take(JITTERED_ATTEMPTS)
        .concat(Backoff.constant(most));
  }

  private boolean isDown() {
    return down != null && hasOthers.getAsBoolean();
  }

  @Override
  public Future<Service<Q, R>> make() {
    Throwable cause = down;
    if (cause != null && hasOthers.getAsBoolean()) {
      return Future.failed(new Failure("the endpoint is down: " + Reason.of(cause), cause));
    }
    Future<Service<Q, R>> session = factory.acquire();
    return Ending.of(session, this::connected);
  }

  private void connected(Future<Service<Q, R>> session) {
    if (session.isReady()) {
      up();
    } else if (session.isFailed()) {
      boolean first;
      synchronized (this) {
        first = down == null && !closed;
        if (first) {
          down = session.failure();
        }
      }
      if (first) {
        tryLater(times);
      }
    }
  }

  private void up() {
    if (down == null) {
      return;
    }
    synchronized (this) {
      down = null;
      stopTimer();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void tryLater(Backoff rest) {
    try {
      Optional<Backoff.Step> step = rest.step();
      if (step.isEmpty()) {
        up();
        return;
      }
      synchronized (this) {
        if (!closed && down != null) {
          stopTimer();
          timer =
              ContextSlot.outside(
                  () -> clock.timer(step.get().delay(), () -> tryNow(step.get().next())));
        }
      }
    } catch (Throwable thrown) { // Memory is short, the clock is closed, or the times are broken.
      up();
      throw thrown;
    }
  }

  private void tryNow(Backoff rest) {
    Future<Service<Q, R>> session = factory.acquire();
    boolean late;
    synchronized (this) {
      timer = null;
      attempt = session;
      late = closed || down == null;
    }
    Ending.of(session, done -> tried(done, rest));
    if (late) {
      session.discard();
    }
  }

  private void tried(Future<Service<Q, R>> session, Backoff rest) {
    if (session.isReady()) {
      up();
      Closing.logged(() -> session.get().close(Duration.ZERO));
    } else {
      tryLater(rest);
    }
  }

  /** Busy while the endpoint is down and there are others; else what it says itself. */
  @Override
  public ServiceStatus status() {
    ServiceStatus inner = factory.status();
    return isDown() ? ServiceStatus.BUSY.worse(inner) : inner;
  }

  @Override
  public Future<Void> close(Duration limit) {
    Future<?> begun;
    synchronized (this) {
      closed = true;
      stopTimer();
      begun = attempt;
    }
    begun.discard();
    return Closing.of(() -> factory.close(limit));
  }
}
