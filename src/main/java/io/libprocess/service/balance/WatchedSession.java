package io.libprocess.service.balance;

import io.libprocess.future.Future;
import io.libprocess.service.ResponseClass;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.support.Closing;
import io.libprocess.service.support.Ending;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A session whose outcomes a {@link FailureAccrual} hears of. */
final class WatchedSession<Q, R> implements Service<Q, R> {

  private final Service<Q, R> session;
  private final FailureAccrual<Q, R> accrual;
  private final AtomicBoolean probe; // Whether its next outcome decides; null if it is no probe.

  WatchedSession(Service<Q, R> session, FailureAccrual<Q, R> accrual, boolean probe) {
    this.session = session;
    this.accrual = accrual;
    this.probe = probe ? new AtomicBoolean(true) : null;
  }

  @Override
  public Future<R> apply(Q request) {
    return Ending.of(
        session.call(request),
        outcome -> {
          ResponseClass meaning = accrual.meaning(request, outcome);
          accrual.record(meaning, isProbe());
        });
  }

  /** Whether this is the probe and nothing has been heard of it so far. */
  private boolean isProbe() {
    return probe != null && probe.compareAndSet(true, false);
  }

  @Override
  public ServiceStatus status() {
    return session.status();
  }

  @Override
  public Future<Void> close(Duration limit) {
    if (isProbe()) {
      accrual.record(ResponseClass.IGNORABLE, true);
    }
    return Closing.of(() -> session.close(limit));
  }
}
