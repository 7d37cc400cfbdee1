package io.libprocess.service.balance;

import io.libprocess.future.Future;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.support.Closing;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A session that counts as load of its endpoint until it is closed. */
final class BalancedSession<Q, R> implements Service<Q, R> {

  private final Service<Q, R> session;
  private final NodeLoad load;
  private final long begun;
  private final AtomicBoolean ended = new AtomicBoolean();

  BalancedSession(Service<Q, R> session, NodeLoad load, long begun) {
    this.session = session;
    this.load = load;
    this.begun = begun;
  }

  @Override
  public Future<R> apply(Q request) {
    return session.call(request);
  }

  @Override
  public ServiceStatus status() {
    return session.status();
  }

  @Override
  public Future<Void> close(Duration limit) {
    if (ended.compareAndSet(false, true)) {
      load.end(begun);
    }
    return Closing.of(() -> session.close(limit));
  }
}
