package io.libprocess.service;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.internal.Log;
import io.libprocess.internal.StackReserve;
import io.libprocess.service.support.Closing;
import io.libprocess.service.support.Ending;
import io.libprocess.service.support.GivingBack;
import io.libprocess.service.support.Steps;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Acquires a service for each request, and closes it when the response is over. */
final class PerRequestService<Q, R> implements Service<Q, R> {

  private final ServiceFactory<Q, R> factory;
  private final CheckedBiFunction<? super R, Runnable, ? extends R> hold; // Null: nothing is held.

  PerRequestService(
      ServiceFactory<Q, R> factory, CheckedBiFunction<? super R, Runnable, ? extends R> hold) {
    this.factory = factory;
    this.hold = hold;
  }

  @Override
  public Future<R> apply(Q request) {
    StackReserve.checkForOperation(); // What is acquired is closed.
    Future<Service<Q, R>> session = factory.acquire();
    if (session.isReady() && hold == null) {
      Service<Q, R> service = session.get();
      SessionBack<R> back = new SessionBack<>(service);
      try {
        return Ending.of(service.call(request), back);
      } catch (Throwable thrown) { // There was no stack for the call.
        back.now();
        throw thrown;
      }
    }
    Steps<R> steps = new Steps<>(unwanted -> {});
    steps.enter(session, done -> acquired(done, request, steps));
    return steps.future();
  }

  private static void release(Service<?, ?> service) {
    new SessionBack<>(service).now();
  }

  private static final class SessionBack<R> extends GivingBack<R> {
    private final Service<?, ?> service;

    SessionBack(Service<?, ?> service) {
      this.service = service;
    }

    @Override
    protected void giveBack() {
      try {
        Future<Void> closed = service.close(Duration.ZERO);
        if (closed != null && closed.isFailed()) { // No callback: there may be no stack for one.
          Log.warning("Closing a session failed", closed.failure());
        }
      } catch (StackOverflowError recursion) {
        throw recursion; // To close it once more does what was left undone.
      } catch (Throwable thrown) { // The response is none the worse.
        Log.warning("Closing a session failed", thrown);
      }
    }
  }

  /** The failure of a request that was never sent, so that it may be sent again. */
  private static Throwable unsent(Throwable failure) {
    return FlaggedFailure.has(failure, FailureFlag.NON_RETRYABLE)
        ? failure
        : FlaggedFailure.with(failure, FailureFlag.RETRYABLE);
  }

  private void acquired(Future<Service<Q, R>> session, Q request, Steps<R> steps) {
    if (session.isFailed()) {
      steps.fail(unsent(session.failure()));
      return;
    }
    if (!session.isReady()) {
      steps.endWithoutValue(session);
      return;
    }
    Service<Q, R> service = session.get();
    if (steps.isDiscardRequested()) {
      release(service);
      steps.discard();
      return;
    }
    Future<R> sent;
    try {
      sent = service.call(request);
    } catch (Throwable thrown) { // There was no stack for the call.
      release(service);
      throw thrown;
    }
    steps.enter(sent, response -> answered(response, service, steps));
  }

  private void answered(Future<R> response, Service<Q, R> service, Steps<R> steps)
      throws Exception {
    if (hold == null || !response.isReady()) {
      release(service); // First, so that the service is back when the response is seen.
      steps.end(response);
      return;
    }
    AtomicBoolean released = new AtomicBoolean();
    Runnable release =
        () -> {
          if (released.compareAndSet(false, true)) {
            release(service);
          }
        };
    Future<R> held;
    try {
      held = Future.of(hold.apply(response.get(), release));
    } catch (Throwable thrown) {
      release.run();
      throw thrown;
    }
    if (!steps.end(held)) {
      release.run();
    }
  }

  @Override
  public ServiceStatus status() {
    return factory.status();
  }

  @Override
  public Future<Void> close(Duration limit) {
    return Closing.of(() -> factory.close(limit));
  }
}
