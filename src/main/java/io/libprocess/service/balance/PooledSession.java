package io.libprocess.service.balance;

import io.libprocess.future.Future;
import io.libprocess.internal.StackReserve;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A session that a {@link Pool} has lent; to close it returns it. */
final class PooledSession<Q, R> implements Service<Q, R> {

  private final Service<Q, R> session;
  private final Pool<Q, R> pool;
  private final AtomicBoolean returned = new AtomicBoolean();

  PooledSession(Service<Q, R> session, Pool<Q, R> pool) {
    this.session = session;
    this.pool = pool;
  }

  Service<Q, R> session() {
    return session;
  }

  @Override
  public Future<R> apply(Q request) {
    return returned.get()
        ? Future.failed(new IllegalStateException("the session was closed before this request"))
        : session.call(request);
  }

  @Override
  public ServiceStatus status() {
    return returned.get() ? ServiceStatus.CLOSED : session.status();
  }

  @Override
  public Future<Void> close(Duration limit) {
    StackReserve.checkForOperation();
    if (returned.compareAndSet(false, true)) {
      pool.giveBack(this);
    }
    return Future.done();
  }
}
